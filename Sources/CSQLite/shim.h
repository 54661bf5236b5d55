#include <sqlite3.h>

/// `sqlite3_db_config` takes a variable number of arguments, which Swift does not import.
static inline int hextant_sqlite_switch(sqlite3 *database, int option, int on) {
    return sqlite3_db_config(database, option, on, (int *)0);
}
