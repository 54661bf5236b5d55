// Pango and cairo are one module: Pango's headers include those of cairo, and two modules with the same declarations
// would make every name of them ambiguous.
#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <pango/pangocairo.h>
