/** The texts of the page in French, with the same keys and places as the English ones. */
export const french = {
  "skip": "Aller aux commandes du jour",
  "loading": "Chargement…",
  "retry": "Réessayer",
  "close": "Fermer",
  "cancel": "Annuler",
  "panel": "Chiffres, choix, légende et liste",
  "theme": "Couleurs sombres",
  "language": "Langue",

  "server.away": "Le serveur est injoignable.",
  "server.status": "Le serveur a répondu avec le statut {status}.",
  "server.awayNow": "Le serveur est absent : ce que vous voyez peut être ancien. {reason}",
  "live.news": "De nouvelles données sont arrivées et sont affichées.",

  "about.data": "Données : {attribution}.",
  "about.map": "Fond de carte :",
  "about.licence": "Licence",
  "about.days": "Jours évalués : du {from} au {to}.",

  "account.in": "Se connecter",
  "account.out": "Se déconnecter",
  "account.name": "Nom",
  "account.password": "Mot de passe",

  "dataset.unscored":
    "Ce jeu de données n’a pas encore de jours évalués. Évaluez-le et actualisez la vue ; la page l’affichera " +
    "d’elle-même.",
  "datasets": "Jeux de données",
  "datasets.choose": "Choisir un jeu de données",
  "datasets.search": "Rechercher",
  "datasets.found": { one: "{number} jeu de données", other: "{number} jeux de données" },
  "datasets.more": "{number} des {all} premiers jeux de données ; il y en a d’autres",
  "datasets.missing":
    "Il n’y a pas de jeu de données « {dataset} », ou vous n’y avez pas accès. Voici ceux qui existent :",
  "datasets.unscored": "pas encore évalué",

  "link.date": "Le jour {day} n’est pas parmi les jours évalués, du {from} au {to}.",
  "link.unknown": "Ceci est inconnu ici et n’a pas été pris en compte : {values}.",

  "show": "Ce qui est affiché",
  "show.layer": "Afficher",
  "show.period": "Période",
  "show.compare": "Comparer avec",
  "show.kinds": "Type d’événement",
  "show.measure": "Mesure",
  "show.size": "Taille des cellules",
  "show.side": "Les deux périodes côte à côte",
  "layer.class": "Points chauds",
  "layer.events": "Événements de la période",
  "layer.change": "Évolution depuis la période précédente",
  "layer.difference": "Différence de deux périodes",
  "layer.areas": "Zones",
  "layer.forecast": "Événements attendus",
  "layer.risk": "Risque d’un jour",
  "period.days": "{number} derniers jours",
  "compare.before": "la période précédente",
  "compare.year": "les mêmes jours un an avant",
  "compare.none": "rien",
  "kinds.all": "tous les types",
  "kinds.groups": "Groupes",
  "kinds.single": "Types seuls",
  "kinds.others": "{number} autres types",
  "size.automatic": "automatique",
  "size.zoom": "plus fine avec l’échelle",
  "size.option": "{width} de large ({resolution})",
  "measure.eb_rate": "Taux lissé",
  "measure.eb_rate.value": "{number} pour 1 000 habitants par an",
  "measure.eb_rate.km2.value": "{number} par km² et par an",
  "measure.rate": "Taux pour 1 000 habitants",
  "measure.rate.without": "Taux pour 1 000 habitants (nombre inconnu)",
  "measure.rate.value": "{number} pour 1 000 habitants par an",
  "measure.events": "Nombre d’événements",
  "measure.events.value": { one: "{number} événement", other: "{number} événements" },
  "measure.density": "Événements par km²",
  "measure.density.value": "{number} par km² et par an",
  "measure.safety_score": "Score de sécurité",
  "measure.safety_score.value": "{number} sur 100",
  "measure.trend_change": "Évolution sur 12 mois",
  "measure.trend_change.value": "{number} sur les 12 mois précédents",
  "measure.trend_change.none": "aucun avant",
  "kilometres": "{number} km",
  "metres": "{number} m",
  "hint.riskKinds":
    "Les scores comptent tous les types d’événements. Les chiffres et graphiques comptent ceux que vous avez " +
    "choisis.",
  "hint.outlookDay": "La carte montre les perspectives du {day}, les plus récentes jusqu’à ce jour.",
  "hint.outlookLater": "La carte montre les perspectives du {day} : il n’y en a pas d’un jour antérieur.",
  "hint.outlookKinds":
    "La carte compte tous les types : les perspectives existent pour tous et pour les groupes du jeu de " +
    "données.",
  "hint.size": "Les cellules ont {width} de large à toutes les échelles.",
  "hint.differenceKinds":
    "Les différences comptent tous les types d’événements. Les chiffres et graphiques comptent ceux choisis.",
  "hint.areasCompare": "La carte montre une seule période. La première phrase et le volet la comparent.",
  "hint.areasTrend":
    "L’évolution compare les 12 derniers mois complets aux 12 précédents, quelle que soit la période.",
  "hint.differenceNone": "Rien n’est comparé, la carte prend donc la période précédente.",

  "legend.class": "Points chauds des 52 dernières semaines",
  "legend.class.hint": "Les cellules pâles ne sont pas des points chauds.",
  "legend.events": "Événements de la période",
  "legend.events.hint": "Les cellules pâles n’ont pas eu d’événements.",
  "legend.change": "Évolution depuis la période précédente",
  "legend.change.hint":
    "Seul un écart que le hasard n’explique guère compte comme évolution. Les cellules pâles ont moins de 10 " +
    "événements.",
  "legend.difference": "Différence de deux périodes",
  "legend.difference.hint": "Couleurs fortes : un écart que le hasard seul produit dans moins de cinq cas sur cent.",
  "legend.forecast": "Événements attendus",
  "legend.forecast.hint": "Nombre moyen d’événements dans les jours à venir.",
  "legend.eb_rate": "Taux lissé : événements pour 1 000 habitants par an",
  "legend.eb_rate.km2": "Taux lissé : événements par km² et par an",
  "legend.eb_rate.hint":
    "Chaque classe compte environ un cinquième des zones. Les taux des zones peu peuplées sont rapprochés de la " +
    "moyenne, car le hasard seul peut les rendre élevés.",
  "legend.rate": "Événements pour 1 000 habitants par an",
  "legend.rate.hint":
    "Chaque classe compte environ un cinquième des zones avec événements. Les zones pâles n’en ont pas eu. Où peu " +
    "de gens habitent, le hasard seul peut rendre un taux élevé.",
  "legend.events.areas": "Événements de la période dans une zone",
  "legend.events.areas.hint":
    "Chaque classe compte environ un cinquième des zones avec événements. Les zones pâles n’en ont pas eu. Les " +
    "grandes zones en ont plus parce qu’elles sont grandes.",
  "legend.density": "Événements par km² et par an",
  "legend.density.hint":
    "Chaque classe compte environ un cinquième des zones avec événements. Les zones pâles n’en ont pas eu.",
  "legend.safety_score": "Score de sécurité d’une zone",
  "legend.safety_score.hint":
    "Part des autres zones dont le taux lissé est plus élevé, de 0 à 100. Plus la couleur est forte, plus le score " +
    "est bas. Il compare des événements enregistrés, pas la sécurité d’une personne.",
  "legend.trend_change": "12 derniers mois complets et les 12 précédents",
  "legend.trend_change.hint":
    "Seul un écart que le hasard n’explique guère compte comme évolution. Les zones pâles ont moins de 10 " +
    "événements.",
  "legend.risk": "Niveau de risque",
  "legend.risk.hint":
    "Score d’une cellule ce jour-là, de 0 à 100. Plus la couleur est forte, plus le score est élevé dans son " +
    "niveau.",
  "legend.switches": "Cliquez sur une entrée pour masquer ou montrer ses cellules.",
  "range": "{from}–{to}",
  "range.from": "{from} ou plus",
  "level.low": "Faible",
  "level.medium": "Moyen",
  "level.high": "Élevé",
  "level.critical": "Critique",
  "class.new": "Nouveau",
  "class.new.short": "depuis quelques semaines",
  "class.growing": "Croissant",
  "class.growing.short": "chaud, et de plus en plus",
  "class.steady": "Durable",
  "class.steady.short": "chaud presque sans arrêt",
  "class.fading": "Par moments",
  "class.fading.short": "ou en baisse",
  "class.cold": "Froid",
  "class.cold.short": "moins qu’ailleurs",
  "trend.rising": "En hausse",
  "trend.rising.short": "plus que le hasard",
  "trend.falling": "En baisse",
  "trend.falling.short": "moins que le hasard",
  "trend.steady": "Pas d’évolution nette",
  "trend.steady.short": "le hasard l’explique",
  "difference.up": "Nettement plus",
  "difference.up.short": "plus que le hasard",
  "difference.more": "Plus",
  "difference.more.short": "le hasard peut l’expliquer",
  "difference.same": "Autant",
  "difference.same.short": "dans les deux périodes",
  "difference.fewer": "Moins",
  "difference.fewer.short": "le hasard peut l’expliquer",
  "difference.down": "Nettement moins",
  "difference.down.short": "moins que le hasard",
  "difference.unknown":
    "La période de comparaison n’est pas entièrement connue. Choisissez un jour plus récent, une période plus " +
    "courte ou une autre comparaison.",
  "difference.many": "Il y a trop de cellules de cette taille à comparer. Choisissez-en de plus grandes.",
  "difference.failed": "Les périodes n’ont pas pu être comparées. {reason}",
  "areas": { one: "{number} zone visible", other: "{number} zones visibles" },
  "areas.none": "Sans chiffre ({number})",
  "areas.none.some": {
    one: "{number} zone n’a pas de chiffre et est hachurée. {reason}",
    other: "{number} zones n’ont pas de chiffre et sont hachurées. {reason}",
  },
  "areas.none.residents": "Aucun habitant n’y est connu.",
  "areas.none.residents.short": "aucun habitant connu",
  "areas.none.months": "Moins de 24 mois complets sont connus, il n’y a donc pas d’évolution.",
  "areas.none.months.short": "durée trop courte",
  "areas.none.hidden":
    "Ce jeu de données cache les petits nombres : les zones n’ont donc pas de chiffres pour qui n’est pas connecté " +
    "comme analyste.",
  "areas.none.hidden.short": "petits nombres cachés",
  "areas.none.uncounted": "Les événements n’ont pas encore été comptés par zone, il n’y a donc pas de chiffres.",
  "areas.none.uncounted.short": "pas encore compté",
  "areas.approximate": "Les limites sont approximatives : elles sont tirées des zones que nomment les événements.",
  "areas.approximate.short": "limites approximatives",
  "areas.first.eb_rate": "Taux lissé le plus élevé : {place}, {value}.",
  "areas.first.rate": "Taux le plus élevé : {place}, {value}.",
  "areas.first.events": "Le plus d’événements : {place}, {value}.",
  "areas.first.density": "Le plus d’événements pour sa surface : {place}, {value}.",
  "areas.first.safety_score": "Score de sécurité le plus bas : {place}, {value}.",
  "areas.trends": {
    one: "Sur {all} zone, {rising} monte et {falling} baisse plus que le hasard ne l’explique.",
    other: "Sur {all} zones, {rising} montent et {falling} baissent plus que le hasard ne l’explique.",
  },
  "areas.source": {
    one: "Chiffres de {number} zone, {period}. Zones : {layer}, d’après {source}.",
    other: "Chiffres de {number} zones, {period}. Zones : {layer}, d’après {source}.",
  },
  "areas.source.least": {
    one: "Classes et ordre sont ceux de la première zone ({number}), {period}. Zones : {layer}, d’après {source}.",
    other: "Classes et ordre sont ceux des {number} premières zones, {period}. Zones : {layer}, d’après {source}.",
  },
  "areas.outside": {
    one: "{number} événement de la période n’est dans aucune zone.",
    other: "{number} événements de la période ne sont dans aucune zone.",
  },
  "areas.failed": "Les zones n’ont pas pu être chargées. {reason}",
  "areas.residents": "{number} habitants",
  "areas.years": "{last} en 12 mois, {before} avant",
  "areas.years.period": "12 derniers mois complets et les 12 précédents",
  "unusual": "Entourer les cellules inhabituelles",
  "unusual.hint": "{number} écarts-types ou plus au-dessus de la moyenne de la cellule, et {fewest} événements ou plus",

  "summary": "En bref",
  "summary.alone": "{period} : {number} événements{kinds}.",
  "summary.alone.unknown":
    "{period} : {number} événements{kinds}. La période de comparaison n’est pas entièrement connue.",
  "summary.first": "{period} : {number} événements{kinds} ; aucun du {other}.",
  "summary.up.before":
    "{period} : {number} événements{kinds}, en hausse de {percent} sur les jours précédents ({before}, " +
    "{other}).",
  "summary.down.before":
    "{period} : {number} événements{kinds}, en baisse de {percent} sur les jours précédents ({before}, " +
    "{other}).",
  "summary.steady.before":
    "{period} : {number} événements{kinds}. Pas d’évolution nette sur les jours précédents : {before} " +
    "({other}).",
  "summary.few.before":
    "{period} : {number} événements{kinds} ; {before} les jours précédents ({other}). Trop peu pour parler " +
    "d’évolution.",
  "summary.up.year": "{period} : {number} événements{kinds}, en hausse de {percent} sur un an ({before}, {other}).",
  "summary.down.year": "{period} : {number} événements{kinds}, en baisse de {percent} sur un an ({before}, {other}).",
  "summary.steady.year": "{period} : {number} événements{kinds}. Pas d’évolution nette sur un an : {before} ({other}).",
  "summary.few.year":
    "{period} : {number} événements{kinds} ; {before} un an avant ({other}). Trop peu pour parler d’évolution.",
  "summary.spots": {
    one:
      "{fresh} lieu est un nouveau point chaud, {growing} croissent et {steady} durent ; {hot} en tout sur " +
      "{weeks} semaines.",
    other:
      "{fresh} lieux sont de nouveaux points chauds, {growing} croissent et {steady} durent ; {hot} en tout sur " +
      "{weeks} semaines.",
  },
  "summary.noSpots": "Aucun lieu n’est un point chaud : nulle part il n’y a nettement plus d’événements qu’ailleurs.",
  "summary.expected": "Attendus dans les {days} jours après le {day} : environ {number} événements{kinds}.",
  "summary.expected.least": "Attendus dans les {days} jours après le {day} : plus de {number} événements{kinds}.",
  "summary.peak": "Maximum le {day} : {events}.",
  "summary.top": "Score le plus élevé de la période : {score} ({level}) à {place}.",
  "summary.noTop": "Aucune cellule ne s’est distinguée pendant la période.",
  "summary.failed": "Les chiffres n’ont pas pu être chargés. {reason}",
  "summary.outlookFailed": "Les perspectives n’ont pas pu être chargées. {reason}",
  "summary.topFailed": "La première cellule n’a pas pu être chargée. {reason}",

  "list.risk": "Cellules en tête",
  "list.class": "Points chauds, les plus urgents d’abord",
  "list.events": "Cellules avec le plus d’événements",
  "list.change": "Cellules en plus forte hausse",
  "list.difference": "Cellules qui diffèrent le plus",
  "list.forecast": "Cellules avec le plus d’événements attendus",
  "list.status": "{period}, cellules de {width} de large (résolution {resolution})",
  "list.empty": "Aucune cellule de ce genre : {period}, cellules de {width} de large.",
  "list.failed": "La liste n’a pas pu être chargée. {reason}",
  "list.days": { one: "sur {number} jour", other: "sur {number} jours" },
  "list.unusual": { one: "{number} inhabituel", other: "{number} inhabituels" },
  "list.up": "en hausse, {before} avant",
  "list.down": "en baisse, {before} avant",
  "list.before": "avant : {before}",
  "list.other": "{before} dans l’autre période",
  "list.interval": "{low} à {high} dans neuf cas sur dix",

  "list.areas.eb_rate": "Zones au taux lissé le plus élevé",
  "list.areas.rate": "Zones au taux le plus élevé",
  "list.areas.events": "Zones avec le plus d’événements",
  "list.areas.density": "Zones avec le plus d’événements pour leur surface",
  "list.areas.safety_score": "Zones au score de sécurité le plus bas",
  "list.areas.trend_change": "Zones en plus forte hausse",
  "list.areas.status": {
    one: "{period}, {shown} sur {number} zone chiffrée",
    other: "{period}, {shown} sur {number} zones chiffrées",
  },
  "list.areas.trend": {
    one: "12 derniers mois complets et les 12 précédents, {shown} sur {number} zone",
    other: "12 derniers mois complets et les 12 précédents, {shown} sur {number} zones",
  },
  "list.areas.empty": "Aucune zone n’a de chiffre : {period}.",

  "area.title": "Zone",
  "area.label": "Zone {name}",
  "area.figures": "Chiffres de la zone",
  "area.failed": "La zone n’a pas pu être chargée. {reason}",
  "area.id": "Zone",
  "area.surface": "{layer}, {number} km²",
  "area.compared": "Comparée aux autres zones",
  "area.eb_rate": "Taux lissé pour 1 000 habitants par an",
  "area.eb_rate.km2": "Taux lissé par km² et par an",
  "area.rate": "Taux pour 1 000 habitants par an",
  "area.density": "Événements par km² et par an",
  "area.safety_score": "Score de sécurité, de 0 à 100",
  "area.rank": "{measure} : rang {rank} sur {all}, du plus élevé au plus bas.",
  "area.rank.least": "{measure} : rang {rank} sur {all}, du plus bas au plus élevé.",
  "area.population": "Habitants",
  "area.meaning":
    "Les taux lissés et le score de sécurité comparent des événements enregistrés. Ils ne disent pas si une " +
    "personne y est en sécurité.",
  "area.trend.rising":
    "En hausse : {last} événements dans les 12 derniers mois complets, {before} dans les 12 précédents{change}.",
  "area.trend.falling":
    "En baisse : {last} événements dans les 12 derniers mois complets, {before} dans les 12 précédents{change}.",
  "area.trend.steady":
    "Pas d’évolution nette : {last} événements dans les 12 derniers mois complets, {before} dans les 12 " +
    "précédents{change}.",
  "area.trend.few":
    "{last} événements dans les 12 derniers mois complets, {before} dans les 12 précédents. Trop peu pour parler " +
    "d’évolution.",
  "area.months": "Événements par mois",
  "area.peers": "Zones aux taux lissés les plus proches",

  "cell.title": "Cellule",
  "cell.label": "Cellule {cell}",
  "cell.figures": "Chiffres de la cellule",
  "cell.failed": "La cellule n’a pas pu être chargée. {reason}",
  "cell.outlook": "Perspectives",
  "cell.expected":
    "Attendus dans les {days} jours après le {day} : {number} événements ({low} à {high} dans neuf cas sur " +
    "dix). Probabilité d’au moins un : {chance}.",
  "cell.kinds": "Types d’événements",
  "cell.change.up": "En hausse{change} : {before} du {other}.",
  "cell.change.down": "En baisse{change} : {before} du {other}.",
  "cell.change.steady": "Pas d’évolution nette : {before} du {other}.",
  "cell.change.few": "{before} du {other}. Trop peu pour parler d’évolution.",
  "cell.day": "Ce jour-là",
  "cell.noEvent": "Aucun événement dans cette cellule ce jour-là, donc pas de score.",
  "cell.unusual":
    "Nombre inhabituel d’événements pour cette cellule : {number} écarts-types ou plus au-dessus de sa moyenne.",
  "cell.lastDay": "Montrer le {day}, le jour avec événements qui précède",
  "cell.peak": "Maximum de la période : {score} ({level}) le {day}, {events}",
  "cell.history": "Événements par semaine, 52 dernières semaines",
  "cell.allKinds": "Tous les types d’événements.",
  "cell.hours": "Par heure et jour de la semaine, 52 dernières semaines",
  "cell.weekdays": "Par jour de la semaine, 52 dernières semaines",
  "cell.events": "Événements les plus récents",
  "cell.noEvents": "Aucun événement dans les 52 dernières semaines.",
  "figure.events": "Événements du jour",
  "figure.average": "Moyenne sur 7 jours",
  "figure.growth": "Évolution sur la semaine précédente",
  "figure.z": "Écarts-types au-dessus de la moyenne",
  "why.title": "Pourquoi ce score ?",
  "why.count": "Événements du jour : {value}, fois {weight} = {product}",
  "why.growth": "Évolution sur la semaine précédente : {value}, fois {weight} = {product}",
  "why.average": "Moyenne sur 7 jours : {value}, fois {weight} = {product}",
  "why.meaning":
    "Ensemble {risk}. Le score {score} dit où cela se situe parmi toutes les cellules de cette taille et tous " +
    "les jours. Au-dessus de {medium} moyen, de {high} élevé, de {critical} critique : {level}.",

  "spot.none": "Pas de point chaud",
  "spot.none.meaning": "Sur 52 semaines, ni nettement plus ni nettement moins d’événements qu’ailleurs.",
  "spot.new_hot": "Nouveau point chaud",
  "spot.new_hot.meaning":
    "Nettement plus d’événements qu’ailleurs la dernière semaine, et jamais avant en 52 semaines.",
  "spot.consecutive_hot": "Nouveau point chaud depuis quelques semaines",
  "spot.consecutive_hot.meaning":
    "Nettement plus d’événements qu’ailleurs chacune des dernières semaines, et jamais auparavant.",
  "spot.intensifying_hot": "Point chaud croissant",
  "spot.intensifying_hot.meaning":
    "Nettement plus d’événements qu’ailleurs presque toutes les 52 semaines, et de plus en plus.",
  "spot.persistent_hot": "Point chaud durable",
  "spot.persistent_hot.meaning":
    "Nettement plus d’événements qu’ailleurs presque toutes les 52 semaines, sans hausse ni baisse.",
  "spot.diminishing_hot": "Point chaud en baisse",
  "spot.diminishing_hot.meaning":
    "Nettement plus d’événements qu’ailleurs presque toutes les 52 semaines, mais de moins en moins.",
  "spot.sporadic_hot": "Point chaud par moments",
  "spot.sporadic_hot.meaning":
    "Nettement plus d’événements qu’ailleurs la dernière semaine et certaines semaines avant.",
  "spot.oscillating_hot": "Point chaud qui fut froid",
  "spot.oscillating_hot.meaning":
    "Nettement plus d’événements qu’ailleurs la dernière semaine, et nettement moins une semaine avant.",
  "spot.historical_hot": "Ancien point chaud",
  "spot.historical_hot.meaning":
    "Nettement plus d’événements qu’ailleurs presque toutes les 52 semaines, mais pas la dernière.",
  "spot.new_cold": "Nouveau point froid",
  "spot.new_cold.meaning":
    "Nettement moins d’événements qu’ailleurs la dernière semaine, et jamais avant en 52 semaines.",
  "spot.consecutive_cold": "Nouveau point froid depuis quelques semaines",
  "spot.consecutive_cold.meaning":
    "Nettement moins d’événements qu’ailleurs chacune des dernières semaines, et jamais auparavant.",
  "spot.intensifying_cold": "Point froid de plus en plus froid",
  "spot.intensifying_cold.meaning":
    "Nettement moins d’événements qu’ailleurs presque toutes les 52 semaines, et de moins en moins.",
  "spot.persistent_cold": "Point froid durable",
  "spot.persistent_cold.meaning": "Nettement moins d’événements qu’ailleurs presque toutes les 52 semaines.",
  "spot.diminishing_cold": "Point froid qui s’estompe",
  "spot.diminishing_cold.meaning":
    "Nettement moins d’événements qu’ailleurs presque toutes les 52 semaines, mais l’écart diminue.",
  "spot.sporadic_cold": "Point froid par moments",
  "spot.sporadic_cold.meaning":
    "Nettement moins d’événements qu’ailleurs la dernière semaine et certaines semaines avant.",
  "spot.oscillating_cold": "Point froid qui fut chaud",
  "spot.oscillating_cold.meaning":
    "Nettement moins d’événements qu’ailleurs la dernière semaine, et nettement plus une semaine avant.",
  "spot.historical_cold": "Ancien point froid",
  "spot.historical_cold.meaning":
    "Nettement moins d’événements qu’ailleurs presque toutes les 52 semaines, mais pas la dernière.",

  "tip.score": "{score} sur 100, {level}",
  "tip.rising": "en hausse : {change}",
  "tip.falling": "en baisse : {change}",
  "tip.steady": "pas d’évolution nette",
  "tip.few": "trop peu pour parler d’évolution",
  "tip.expected": "{number} attendus",

  "events": { one: "{number} événement", other: "{number} événements" },
  "events.title": "Événements",
  "cells": { one: "{number} cellule visible", other: "{number} cellules visibles" },
  "coordinates": "{lat}° {ns}, {lng}° {ew}",
  "north": "N",
  "south": "S",
  "east": "E",
  "west": "O",
  "week": "Semaine",
  "weekday": "Jour de la semaine",
  "month": "Mois",
  "chart.table": "Chiffres en tableau",
  "history.label": "{number} événements par semaine, du {from} au {to}",
  "history.most": "maximum : {number}",
  "weekdays.label": "Événements par jour de la semaine ; maximum le {day}, {number}",
  "hours.label": "Événements par heure et jour de la semaine ; maximum le {day} à {hour}, {number}",
  "histogram.label": "{number} événements par jour, {period}",
  "histogram.most": "jusqu’à {number} {days}",
  "histogram.day": "par jour",
  "histogram.days": { one: "par jour", other: "en {number} jours" },
  "histogram.table": "Événements par mois en tableau",

  "timeline": "Jours",
  "day": "Jour",
  "date": "Date",
  "day.before": "Jour précédent",
  "day.after": "Jour suivant",
  "play": "Lire",
  "pause": "Pause",
  "speed": "Vitesse de lecture",
  "speed.1": "1 jour/s",
  "speed.2": "2 jours/s",
  "speed.5": "5 jours/s",
  "speed.10": "10 jours/s",
  "hint.zoomSize": "Les scores de cellules de tailles différentes ne se comparent pas : l’échelle change les niveaux.",
  "play.risk": "La lecture montre le risque de chaque jour.",
  "play.again": "C’est le dernier jour : les 30 jours qui précèdent sont lus.",

  "map.title":
    "Carte des cellules. Les flèches la déplacent, plus et moins changent l’échelle, Entrée montre les chiffres " +
    "de la cellule du milieu.",
  "map.zoomIn": "Agrandir",
  "map.zoomOut": "Réduire",
  "map.reset": "Montrer tout le jeu de données",
  "map.fullScreen": "Plein écran",
  "map.failed": "Certaines cellules n’ont pas pu être chargées : {cause}",
  "map.failed.areas": "Certaines zones n’ont pas pu être chargées : {cause}",
  "empty.levelsOff": "Tous les niveaux de risque sont masqués.",
  "empty.areas": "Aucune zone ici. Déplacez la carte ou montrez tout le jeu de données.",
  "empty.levels": "Aucune cellule ici le {day} aux niveaux affichés.",
  "empty.day": "Aucun événement ici le {day}. Choisissez un autre jour ou déplacez la carte.",
  "empty.classes": "Aucune cellule ici des classes affichées.",
  "empty.outlook": "Rien n’est connu de ce lieu. Déplacez la carte ou montrez tout le jeu de données.",
  "empty.difference": "Aucun événement ici dans aucune des deux périodes.",

  "find": "Trouver un lieu",
  "find.area": "Zone, coordonnées ou cellule",
  "find.point": "Coordonnées ou cellule",
  "find.choices": "Lieux trouvés",
  "find.found": { one: "{number} zone trouvée", other: "{number} zones trouvées" },
  "find.none": "Aucune zone n’a cela dans son nom.",
  "find.noAreas":
    "Ce jeu de données n’a pas de zones avec des noms. Écrivez une latitude et une longitude, ou l’indice d’une " +
    "cellule.",
  "find.outside": "Une latitude est d’au plus 90, une longitude d’au plus 180 degrés.",
  "find.nothing": "Rien n’est connu de ce lieu. La carte le montre tout de même.",
  "find.noCell": "Aucun événement n’a jamais été enregistré dans cette cellule.",
  "find.noSize": "Ce jeu de données n’a pas de cellules de cette taille.",
  "find.failed": "Cela n’a pas pu être cherché. {reason}",

  "take": "Emporter",
  "take.link": "Copier le lien",
  "take.picture": "Image (PNG)",
  "take.report": "Rapport (PDF)",
  "take.print": "Imprimer",
  "take.source": "Copier la source",
  "take.embed": "Intégrer",
  "take.saved": "Enregistré sous {name}.",
  "take.copied": "Copié.",
  "take.failed": "Cela n’a pas fonctionné. {reason}",
  "take.nothing": "Aucune cellule n’est affichée.",
  "headline.compared": "{days}, comparé à {other}",
  "embed": "Montrer ceci dans une autre page",
  "embed.widget": "Quoi",
  "embed.widget.trend": "Évolution",
  "embed.widget.map": "Carte",
  "embed.widget.top": "Lieux en tête",
  "embed.theme": "Couleurs",
  "embed.theme.auto": "celles du lecteur",
  "embed.theme.light": "claires",
  "embed.theme.dark": "sombres",
  "embed.language.auto": "celle du lecteur",
  "embed.width": "Largeur (px)",
  "embed.height": "Hauteur (px)",
  "embed.fixed": "Toujours ce jour, au lieu du plus récent",
  "embed.code": "Code",
  "embed.copy": "Copier le code",
  "embed.preview": "Voir seul",
  "embed.nobody":
    "Ce serveur ne permet à aucune page de le montrer. Son exploitant nomme celles qui le peuvent (embed_origins).",
  "embed.private": "Ce jeu de données est privé : personne ne le voit dans une autre page.",
  "widget.open": "Ouvrir la carte",
  "widget.failed": "Ceci ne peut pas être montré. {reason}",
  "widget.areaParts": "Le lien de cet élément ne nomme aucune zone.",
  "widget.areaEvents": "{number} événements, {period}",
  "widget.areaRate": "{number} pour 100 000 habitants",
  "widget.months": "Événements par mois de {from} à {to} ; maximum : {most}",

  "help": "Ce que les mots veulent dire",
  "help.open": "Aide",
  "help.keys": "Touches, quand la carte est active",
  "help.api": "Les mêmes chiffres pour les programmes : l’API",
  "help.cell": "Cellule",
  "help.cell.meaning":
    "Un hexagone d’une grille qui couvre la terre. Tous les chiffres comptent les événements à l’intérieur d’un " +
    "hexagone.",
  "help.score": "Score",
  "help.score.meaning":
    "Place du risque d’une cellule un jour donné parmi toutes les cellules et tous les jours, de 0 à 100. Il " +
    "est fait des événements du jour, de leur évolution sur la semaine précédente et de leur moyenne sur 7 " +
    "jours. Il compare ; il ne prédit pas. De nouvelles données peuvent changer le score d’un jour ancien.",
  "help.level": "Niveau",
  "help.level.meaning":
    "Faible, puis moyen au-dessus de {medium}, élevé au-dessus de {high}, critique au-dessus de {critical} : " +
    "les seuils de ce jeu de données.",
  "help.unusual": "Inhabituel",
  "help.unusual.meaning":
    "Un jour à {flag} écarts-types ou plus au-dessus de la moyenne de la même cellule, avec {fewest} événements " +
    "ou plus.",
  "help.trend": "En hausse, en baisse, pas d’évolution nette",
  "help.trend.meaning":
    "Deux périodes sont dites différentes si le hasard seul produit un tel écart dans moins de {five} cas sur " +
    "cent. En dessous de {ten} événements, rien n’est appelé évolution.",
  "help.hotspot": "Point chaud",
  "help.hotspot.meaning":
    "Une cellule qui a, avec ses voisines, nettement plus d’événements que le reste (Getis-Ord Gi*), sur " +
    "{weeks} semaines. Nouveau, croissant, durable, etc. disent pendant lesquelles de ces semaines.",
  "help.forecast": "Événements attendus",
  "help.forecast.meaning":
    "Une prévision à partir du passé de la cellule et de ses environs, de la saison et des jours de la semaine. " +
    "Le vrai nombre est dans l’intervalle donné dans neuf cas sur dix.",
  "help.areas": "Taux des zones",
  "help.areas.meaning":
    "Un taux est le nombre d’événements pour 1 000 habitants par an. Le taux lissé rapproche de la moyenne les " +
    "zones peu peuplées (Bayes empirique) ; sans habitants connus, il est par km². Le score de sécurité est la " +
    "part des autres zones dont le taux lissé est plus élevé. Les zones hachurées n’ont pas de chiffre.",
  "help.limits": "Ce que rien de cela ne dit",
  "help.limits.meaning":
    "Les événements enregistrés ne sont pas tous les événements, et leurs lieux peuvent être arrondis. Les " +
    "chiffres parlent de lieux, jamais de personnes.",
  "key.arrows": "Flèches",
  "key.arrows.meaning": "déplacent la carte",
  "key.zoom": "+ et −",
  "key.zoom.meaning": "changent l’échelle",
  "key.enter": "Entrée",
  "key.enter.meaning": "montre la cellule ou la zone du milieu",
  "key.escape": "Échap",
  "key.escape.meaning": "la ferme",
  "key.space": "Espace",
  "key.space.meaning": "lit et met en pause",
  "key.days": ", et .",
  "key.days.meaning": "le jour précédent et le suivant",
  "key.question": "?",
  "key.question.meaning": "cette aide",

  "spending.title": "Dépenses",
  "spending.skip": "Aller aux chiffres",
  "spending.dataset": "Jeu de données",
  "spending.fiscalYear": "Exercice",
  "spending.department": "Service",
  "spending.vendor": "Fournisseur",
  "spending.fromDay": "Du",
  "spending.toDay": "Au",
  "spending.allYears": "tous les exercices",
  "spending.allDepartments": "tous les services",
  "spending.clear": "Tout afficher",
  "spending.choose": "N’afficher que ceci, ou de nouveau tout",
  "spending.all": "Afficher les {number}",
  "spending.csv": "CSV : {title}",
  "spending.noDataset":
    "Il n’y a pas ici de jeu de données de dépenses, ou aucun auquel vous avez accès. Si le vôtre est privé, " +
    "connectez-vous.",
  "spending.missing":
    "Il n’y a pas de jeu de données de dépenses « {dataset} », ou vous n’y avez pas accès. En voici un autre.",
  "spending.signIn": "Ceci est montré aux personnes connectées qui y ont droit.",
  "spending.forbidden": "Votre compte n’y a pas accès. {reason}",
  "spending.failed": "Le chargement a échoué. {reason}",
  "spending.none": "Il n’y a aucun paiement pour ces choix.",
  "spending.unnamed": "(sans nom)",
  "spending.everything": "Tous les paiements",
  "spending.from": "depuis le {day}",
  "spending.to": "jusqu’au {day}",
  "spending.year": "exercice {year}",
  "spending.quarter": "T{quarter} {year}",
  "spending.by": "par",
  "spending.by.month": "mois",
  "spending.by.quarter": "trimestre",
  "spending.by.fiscal_year": "exercice",
  "spending.period": "Période",
  "spending.total": "Total",
  "spending.share": "Part",
  "spending.payments": "Paiements",
  "spending.mean": "Moyenne",
  "spending.median": "Médiane",
  "spending.growth": "Évolution sur un an",
  "spending.change": "Évolution sur un an",
  "spending.mean12": "Moyenne sur 12 mois",
  "spending.concentration": "Concentration (IHH)",
  "spending.largest": "Premier fournisseur",
  "spending.concentration.low": "faible",
  "spending.concentration.moderate": "moyenne",
  "spending.concentration.high": "forte",

  "spending.summary.total": {
    one: "{what} : {total} en {number} paiement.",
    other: "{what} : {total} en {number} paiements.",
  },
  "spending.summary.none": "{what} : il n’y a aucun paiement.",
  "spending.summary.largest": "Premier service : {name} ({share}).",
  "spending.summary.low":
    "L’argent se répartit sur beaucoup des {number} fournisseurs ; les quatre premiers en reçoivent {four}.",
  "spending.summary.moderate":
    "L’argent est assez concentré : sur {number} fournisseurs, les quatre premiers en reçoivent {four}.",
  "spending.summary.high":
    "L’argent est très concentré : sur {number} fournisseurs, les quatre premiers en reçoivent {four}.",
  "spending.summary.unusual": {
    one: "{number} paiement est loin de ce qui est habituel dans son service et son compte.",
    other: "{number} paiements sont loin de ce qui est habituel dans leur service et leur compte.",
  },

  "spending.trend": "Au fil du temps",
  "spending.trend.label": "Montants, de {from} à {to}",
  "spending.trend.hint": "Les colonnes sous la ligne sont des périodes où l’on a plus repris que payé.",
  "spending.trend.hintMean":
    "La ligne est la moyenne sur 12 mois. Les colonnes sous zéro sont des périodes où l’on a plus repris que payé.",
  "spending.undated": {
    one: "{number} paiement sans date ({total}) n’est dans aucune colonne.",
    other: "{number} paiements sans date ({total}) ne sont dans aucune colonne.",
  },
  "spending.departments": "Services",

  "spending.vendors": "Fournisseurs",
  "spending.largestVendors": "Premiers fournisseurs",
  "spending.noShares":
    "Le total n’est pas supérieur à zéro : des parts n’auraient pas de sens, et la concentration n’est pas indiquée.",
  "spending.hhi.low":
    "La concentration est faible (IHH {hhi}) : comme si {equal} fournisseurs avaient des parts égales.",
  "spending.hhi.moderate":
    "La concentration est moyenne (IHH {hhi}) : comme si {equal} fournisseurs avaient des parts égales.",
  "spending.hhi.high":
    "La concentration est forte (IHH {hhi}) : comme si {equal} fournisseurs avaient des parts égales.",
  "spending.cr": "Les quatre premiers fournisseurs reçoivent {four}, les dix premiers {ten}.",
  "spending.tenth": "Le premier dixième des fournisseurs reçoit {share} de l’argent.",
  "spending.leftOut": {
    one: "{number} fournisseur dont le total n’est pas supérieur à zéro n’a pas de part.",
    other: "{number} fournisseurs dont le total n’est pas supérieur à zéro n’ont pas de part.",
  },
  "spending.figure.vendorCount": "Fournisseurs avec une part",
  "spending.figure.hhi": "IHH (de 0 à 10 000)",
  "spending.figure.cr4": "Part des 4 premiers (CR4)",
  "spending.figure.cr10": "Part des 10 premiers (CR10)",
  "spending.figure.gini": "Gini (0 égalité, 1 un seul a tout)",
  "spending.lorenz.label":
    "Courbe de Lorenz de {number} fournisseurs : plus elle est loin de la diagonale, plus c’est inégal",
  "spending.lorenz.x": "part des fournisseurs, les plus petits d’abord",
  "spending.lorenz.y": "part de l’argent",
  "spending.lorenz.largest": "Premiers fournisseurs",

  "spending.outliers": "Paiements inhabituels",
  "spending.outliers.hint":
    "Loin de la médiane du même service et du même compte, sur une échelle logarithmique (z modifié supérieur " +
    "à 3,5, au moins 20 paiements). Inhabituel ne veut pas dire faux : c’est une raison de regarder.",
  "spending.noOutliers": "Aucun paiement n’est aussi loin de l’habituel.",
  "spending.reason.large": "{times} fois le montant habituel ici ({usual}, {number} paiements) ; z = {z}.",
  "spending.reason.small":
    "Le montant habituel ici ({usual}, {number} paiements) est {times} fois plus grand ; z = {z}.",
  "spending.digits": "Premiers chiffres",
  "spending.digits.label": "Premiers chiffres de {number} paiements ; la marque est ce qu’attend la loi de Benford",
  "spending.digits.conform":
    "Les premiers chiffres de {number} paiements sont à peu près ceux qu’attend la loi de Benford.",
  "spending.digits.differ":
    "Les premiers chiffres de {number} paiements s’écartent de la loi de Benford. Des seuils, des tarifs " +
    "fixes et des loyers font cela aussi.",
  "spending.digits.unclear": "Les premiers chiffres de {number} paiements sont trop peu nombreux pour conclure.",
  "spending.digit": "Premier chiffre",
  "spending.observed": "Part",
  "spending.expected": "Attendu",

  "spending.clusters": "Services qui dépensent de façon semblable",
  "spending.clusters.hint":
    "{number} groupes, trouvés par le modèle ci-dessous dans toutes ses données, quels que soient les choix ci-dessus.",
  "spending.noClusters": "Il n’y a pas de modèle actif des services.",
  "spending.cluster": { one: "Groupe {number} : {members} service", other: "Groupe {number} : {members} services" },
  "spending.cluster.usual": "Proche de la moyenne de tous les services en tout.",
  "spending.cluster.differs": "Se distingue par : {differences}.",
  "spending.more": "{feature} au-dessus de la moyenne (de {number} écarts-types)",
  "spending.less": "{feature} au-dessous de la moyenne (de {number} écarts-types)",
  "spending.feature.log_total": "total",
  "spending.feature.log_mean": "montant par paiement",
  "spending.feature.log_count": "nombre de paiements",
  "spending.feature.vendor_hhi": "concentration sur peu de fournisseurs",
  "spending.feature.last_quarter_share": "part dépensée au dernier trimestre",
  "spending.feature.growth": "croissance",
  "spending.feature.vendor_rate": "part élevée du fournisseur",
  "spending.feature.vendor_payments": "paiements au fournisseur",
  "spending.feature.department_rate": "part élevée du service",
  "spending.feature.department_payments": "paiements du service",
  "spending.feature.account_rate": "part élevée du compte",
  "spending.feature.account_payments": "paiements sur le compte",
  "spending.feature.month": "mois",

  "spending.models": "Modèles",
  "spending.noModels": "Il n’y a pas de modèle actif pour ce jeu de données.",
  "spending.model.types": "Un paiement est-il élevé ?",
  "spending.model.types.what": "Une forêt aléatoire qui donne la probabilité qu’un paiement atteigne le seuil.",
  "spending.model.clusters": "Quels services dépensent de façon semblable ?",
  "spending.model.clusters.what":
    "K-moyennes sur les chiffres standardisés des services ; le nombre de groupes est celui aux limites les " +
    "plus nettes.",
  "spending.model.version": "Version",
  "spending.model.trained": "Entraîné",
  "spending.model.window": "Appris de",
  "spending.window": "du {from} au {to}",
  "spending.model.rows": "Paiements",
  "spending.model.tested": "Mesuré sur",
  "spending.model.library": "Fait par",
  "spending.model.threshold": "Seuil",
  "spending.model.features": "Variables",
  "spending.model.limits": "Ce qu’il ne peut pas dire",
  "spending.limit.types.meaning":
    "Élevé veut dire au moins le 75e centile des données d’entraînement, rien d’autre : ni gaspillage, ni erreur.",
  "spending.limit.types.vendors":
    "Des fournisseurs et comptes qu’il n’a pas vus, il ne sait que ce qui vaut en général.",
  "spending.limit.types.time":
    "Il a été mesuré sur des paiements postérieurs à ses données ; les prix et les règles changent encore.",
  "spending.limit.types.persons": "Il porte sur des paiements, jamais sur des personnes.",
  "spending.limit.clusters.meaning":
    "Un groupe est une ressemblance de ces chiffres ; il ne dit ni pourquoi, ni si c’est bien.",
  "spending.limit.clusters.scale":
    "Il n’y a pas de vrai nombre de groupes ; les services à la limite pourraient être dans l’un ou l’autre.",
  "spending.limit.clusters.time":
    "Il ne connaît que ses données ; des paiements postérieurs ne déplacent aucun service avant un nouvel " +
    "entraînement.",
  "spending.drift.much":
    "Ce qui arrive ne ressemble plus à ce dont il a appris (PSI {value}, {day}) : entraînez-le à nouveau.",
  "spending.drift.few": "Trop peu est arrivé depuis pour comparer ({day}).",
  "spending.drift.little": "Ce qui arrive ressemble à ce dont il a appris (PSI {value}, {day}).",
  "spending.measures": "Mesures",
  "spending.measures.types": "Mesuré sur les derniers paiements, qu’il n’a pas vus",
  "spending.measures.clusters": "Mesuré sur ses propres données",
  "spending.measure": "Mesure",
  "spending.own": "Ce modèle",
  "spending.rival.majority": "Toujours la réponse la plus fréquente",
  "spending.measure.accuracy": "Exactitude",
  "spending.measure.balanced_accuracy": "Exactitude équilibrée",
  "spending.measure.roc_auc": "AUC ROC (0,5 au hasard, 1 parfait)",
  "spending.measure.brier": "Score de Brier (0 parfait)",
  "spending.measure.silhouette": "Silhouette moyenne (1 limites nettes, 0 aucune)",
  "spending.measure.inertia": "Inertie",
  "spending.calibration.label":
    "Probabilités données par le modèle, face à la part de paiements élevés ; sur la diagonale elles sont justes",
  "spending.calibration.x": "probabilité donnée",
  "spending.calibration.y": "part élevée",
  "spending.said": "Probabilité donnée",
  "spending.seen": "Part élevée",

  "spending.ingestion": "D’où viennent les données",
  "spending.nothingIn": "Rien n’est encore arrivé.",
  "spending.in.rows": "Paiements enregistrés",
  "spending.in.total": "Somme de tous",
  "spending.in.days": "Jours de saisie",
  "spending.in.open": "Refusés et non corrigés",
  "spending.in.running": "Un lot est en train d’arriver.",
  "spending.in.lastIngest": "Dernière arrivée",
  "spending.feed.read": "Flux {name} : dernière lecture sans erreur le {day}.",
  "spending.feed.failed": "Flux {name} : la dernière lecture a échoué.",
  "spending.feed.unread": "Flux {name} : pas encore lu.",
  "spending.feed.next": "Prochaine lecture le {day}.",
  "spending.batches": "Derniers lots",
  "spending.batch.file": "Fichier",
  "spending.batch.state": "État",
  "spending.batch.finished": "Terminé",
  "spending.batch.accepted": "Acceptées",
  "spending.batch.duplicate": "Déjà connues",
  "spending.batch.rejected": "Refusées",
  "spending.state.running": "en cours",
  "spending.state.finished": "terminé",
  "spending.state.failed": "échec",
};
