DROP TRIGGER name_cells ON datasets;
DROP TRIGGER name_cells ON area_layers;
DROP FUNCTION name_cells_of_dataset();
DROP FUNCTION name_cells_of_layer();
DROP FUNCTION name_cells(regclass, integer, text);
DROP TABLE cell_areas;
ALTER TABLE datasets DROP COLUMN areas;
