extension ReportWords {
    static let french: [ReportText: String] = [
        .report: "Rapport",
        .area: "Zone",
        .cell: "Cellule",
        .dataset: "Jeu de données",
        .cellNamed: "Cellule {cell}",
        .resolution: "résolution {number}",
        .kindAll: "tous les types d’événements",
        .kindOne: "événements du groupe {kind}",
        .period: "du {from} au {to}",
        .periodMonths: "mois jusqu’au {to}",
        .alone: "{events} du {from} au {to}.",
        .aloneLeast: "Au moins {events} du {from} au {to}.",
        .up: "{events} du {from} au {to} : en hausse de {percent} sur les {days} jours précédents ({before}).",
        .upFromNone: "{events} du {from} au {to}, après aucun dans les {days} jours précédents.",
        .down:
            "{events} du {from} au {to} : en baisse de {percent} sur les {days} jours précédents ({before}).",
        .steadily:
            "{events} du {from} au {to}. Pas d’évolution nette sur les {days} jours précédents : {before} ; "
            + "le hasard explique l’écart.",
        .few:
            "{events} du {from} au {to}, et {before} dans les {days} jours précédents : trop peu pour parler "
            + "d’évolution.",
        .spots:
            "Cellules points chauds des 52 dernières semaines : {hot}. Nouveaux : {new} ; croissants : {growing} ; "
            + "durables : {steady} ; par moments ou en baisse : {fading}.",
        .noSpots: "Aucune cellule n’est un point chaud des 52 dernières semaines.",
        .standing: "Un point chaud ({class}) : avec ses voisines, elle a plus d’événements que le reste du lieu.",
        .coldStanding: "Un point froid : avec ses voisines, elle a moins d’événements que le reste du lieu.",
        .noStanding: "Ni point chaud ni point froid des 52 dernières semaines.",
        .expected: "Attendus dans les {days} jours après le {to} : environ {events}.",
        .expectedBetween:
            "Attendus dans les {days} jours après le {to} : {events}, avec 90 % de chances entre {low} et "
            + "{high}.",
        .expectedAbout: "environ {number}",
        .areaRank: "Rang {rank} sur {areas} par taux ; le rang 1 a le plus d’événements pour sa taille.",
        .areaUp: "12 derniers mois entiers : {events}, en hausse de {percent} sur les 12 précédents ({before}).",
        .areaDown:
            "12 derniers mois entiers : {events}, en baisse de {percent} sur les 12 précédents ({before}).",
        .areaSteady:
            "12 derniers mois entiers : {events}, pas d’évolution nette sur les 12 précédents ({before}).",
        .areaFew:
            "12 derniers mois entiers : {events}, et {before} dans les 12 précédents : trop peu pour parler "
            + "d’évolution.",
        .hidden:
            "Les nombres inférieurs à {minimum} sont cachés, et les autres arrondis au multiple inférieur de "
            + "{minimum}. Ce qui manque est caché ou nul.",
        .cut: "La carte a les {number} cellules aux plus forts nombres attendus ; il y en a d’autres.",
        .approximate: "Les limites de ces zones ont été déduites des événements et ne sont pas officielles.",
        .mapTitle: "Points chauds et froids",
        .mapLevels: "Cellules remarquées, par leur plus haut niveau de la période",
        .historyWeeks: "Événements par semaine",
        .historyMonths: "Événements par mois",
        .kindsTitle: "Types d’événements",
        .figuresTitle: "Chiffres",
        .placesTitle: "Où regarder d’abord",
        .noCells: "Aucune cellule remarquée.",
        .noHistory: "Aucun événement n’est connu.",
        .noKinds: "Aucun événement dans la période.",
        .kindsHidden: "Les types d’événements d’un seul lieu ne sont pas donnés là où les petits nombres sont cachés.",
        .other: "1 autre type",
        .others: "{number} autres types",
        .columnPlace: "Lieu",
        .columnClass: "Classe",
        .columnEvents: "Événements",
        .columnExpected: "Attendus",
        .figureEvents: "Événements de la période",
        .figureBefore: "Le même nombre de jours avant",
        .figureChange: "Évolution",
        .figurePerDay: "Événements par jour",
        .figureExpected: "Attendus en {days} jours",
        .figureHalf: "avec 50 % de chances",
        .figureMost: "avec 90 % de chances",
        .figureChance: "Chance d’au moins un",
        .figureClass: "Classe",
        .figureZ: "Gi* de la dernière semaine (z)",
        .figureRank: "Rang par événements",
        .figureRate: "Taux par an",
        .figureDensity: "Densité par an",
        .figureSafety: "Note de sûreté (0 à 100)",
        .figurePopulation: "Habitants",
        .figureSurface: "Surface",
        .figureCells: "Cellules sur la carte",
        .figurePeakWeek: "Maximum par semaine",
        .new: "Nouveau point chaud",
        .growing: "De plus en plus chaud",
        .steady: "Point chaud durable",
        .fading: "Chaud par moments ou en baisse",
        .cold: "Point froid",
        .none: "Ni chaud ni froid",
        .low: "Faible",
        .medium: "Moyen",
        .high: "Élevé",
        .critical: "Critique",
        .perResidents: "{number} pour 1 000 habitants",
        .perSquareKilometre: "{number} par km²",
        .squareKilometres: "{number} km²",
        .ofMany: "{number} sur {all}",
        .between: "{low} à {high}",
        .methodTitle: "Méthode",
        .methodOutlook:
            "Les événements sont comptés par jour dans des cellules H3. Un point chaud est une cellule dont la "
            + "statistique Gi* de Getis-Ord, sur elle et ses voisines, est significative (taux de fausses découvertes "
            + "de 5 %) dans des semaines des 52 dernières ; sa classe dit quand. La prévision est un modèle "
            + "Gamma-Poisson des nombres passés de chaque cellule, avec le jour de la semaine, la saison et les "
            + "voisines. Une évolution n’est dite telle que si un test exact des deux nombres donne p inférieur à "
            + "0,05.",
        .methodLevels:
            "Les événements sont comptés par jour dans des cellules H3. Une note de 0 à 100 compare une cellule et un "
            + "jour à tous les autres ; les niveaux commencent aux notes {medium}, {high} et {critical}. La carte "
            + "montre les cellules qui ont atteint le niveau élevé ou eu un jour inhabituel.",
        .methodArea:
            "Les taux sont rapprochés de la moyenne des zones de la couche (Bayes empirique), pour que de petites "
            + "zones ne soient pas en tête par hasard. La note de sûreté est la part des autres zones au taux plus "
            + "élevé.",
        .methodEvents: "Les types sont ceux de la source.",
        .limitsTitle: "Ce que les chiffres ne disent pas",
        .limits:
            "Les événements enregistrés ne sont pas tous les événements : qui cherche trouve, et ce que personne ne "
            + "signale manque. Les points sont souvent déplacés au milieu d’une rue ou d’un îlot. Les derniers jours "
            + "sont rarement complets. Un point chaud est un amas de nombres et ne dit rien des causes ; un nombre "
            + "n’est pas un taux. Une prévision ne connaît que les nombres passés, et porte sur des lieux, jamais sur "
            + "des personnes.",
        .sourceTitle: "Source",
        .source: "{attribution}. Données jusqu’au {to}.",
        .licence: "Licence : {licence}.",
        .footer: "Hextant · version {version} des données · données jusqu’au {to}",
        .event: "{number} événement",
        .events: "{number} événements",
        .scale: "{number} km",
    ]
}
