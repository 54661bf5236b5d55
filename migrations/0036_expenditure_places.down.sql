DROP TABLE expenditure_places;
