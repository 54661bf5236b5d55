/* Times the C library libh3: `libh3 FOLDER RESOLUTION`, for Benchmarks/bench-h3.
 *
 * Reads from FOLDER cells-RESOLUTION.u64, others-RESOLUTION.u64 (a cell near each), set-RESOLUTION.u64 (cells that can be
 * compacted) and city.f64 (latitudes and longitudes of a polygon). Prints for each function a line of JSON with the
 * nanoseconds of CPU time per item of the fastest of seven runs, and the sum of the results, to compare with ours. */
#define _POSIX_C_SOURCE 200809L
#include <h3api.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { RUNS = 7, CITY_TURNS = 20 };

static double threadTime(void) {
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static void fail(const char *text) {
    fprintf(stderr, "libh3: %s\n", text);
    exit(1);
}

static void must(H3Error error) {
    if (error != E_SUCCESS) fail("a function answered an error");
}

static int64_t count;
static H3Index *cells, *others, *set, *compacted, *buffer;
static int64_t setCount, compactedCount, bufferCount;
static int resolution, parentResolution;
static GeoPolygon city;
static uint32_t flags;

static void *readFile(const char *folder, const char *name, int numbered, int64_t *numbers) {
    char path[4096];
    if (numbered) {
        snprintf(path, sizeof path, "%s/%s-%d.u64", folder, name, resolution);
    } else {
        snprintf(path, sizeof path, "%s/%s", folder, name);
    }
    FILE *file = fopen(path, "rb");
    if (!file) fail(path);
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    void *data = malloc((size_t)size);
    if (!data || fread(data, 1, (size_t)size, file) != (size_t)size) fail(path);
    fclose(file);
    *numbers = size / 8;
    return data;
}

/* Prints the fastest of the runs; `run` answers the sum of the results and `items` how many there were. */
static void measure(const char *function, uint64_t (*run)(int64_t *items)) {
    double best = INFINITY;
    uint64_t sum = 0;
    int64_t items = 0;
    for (int turn = 0; turn < RUNS; turn++) {
        double start = threadTime();
        sum = run(&items);
        double time = threadTime() - start;
        if (time < best) best = time;
    }
    printf("{\"function\": \"%s\", \"resolution\": %d, \"ns\": %.4f, \"sum\": %llu}\n", function, resolution,
           best / (double)items, (unsigned long long)sum);
    fflush(stdout);
}

/* A run over all cells; EXPRESSION is what a cell adds to the sum and may use `cell` and `index`. */
#define OVER_CELLS(name, EXPRESSION)                      \
    static uint64_t name(int64_t *items) {                \
        uint64_t sum = 0;                                 \
        for (int64_t index = 0; index < count; index++) { \
            H3Index cell = cells[index];                  \
            sum += (uint64_t)(EXPRESSION);                \
        }                                                 \
        *items = count;                                   \
        return sum;                                       \
    }

static uint64_t sumOfDisk(H3Index cell, int k, int size) {
    H3Index disk[19];
    must(gridDisk(cell, k, disk));
    uint64_t sum = 0;
    for (int place = 0; place < size; place++) sum += disk[place];
    return sum;
}

static uint64_t vertexCount(H3Index cell) {
    CellBoundary boundary;
    must(cellToBoundary(cell, &boundary));
    return (uint64_t)boundary.numVerts;
}

static uint64_t distanceOf(H3Index cell, H3Index other) {
    int64_t distance;
    return gridDistance(cell, other, &distance) == E_SUCCESS ? (uint64_t)distance : 0;
}

static uint64_t isNeighbor(H3Index cell, H3Index other) {
    int answer;
    must(areNeighborCells(cell, other, &answer));
    return (uint64_t)answer;
}

static uint64_t positionOf(H3Index cell) {
    int64_t position;
    must(cellToChildPos(cell, parentResolution, &position));
    return (uint64_t)position;
}

static uint64_t parentOf(H3Index cell) {
    H3Index parent;
    must(cellToParent(cell, parentResolution, &parent));
    return parent;
}

static uint64_t centerChildOf(H3Index cell) {
    H3Index child;
    must(cellToCenterChild(cell, 15, &child));
    return child;
}

OVER_CELLS(boundaries, vertexCount(cell))
OVER_CELLS(disks1, sumOfDisk(cell, 1, 7))
OVER_CELLS(disks2, sumOfDisk(cell, 2, 19))
OVER_CELLS(parents, parentOf(cell))
OVER_CELLS(centerChildren, centerChildOf(cell))
OVER_CELLS(positions, positionOf(cell))
OVER_CELLS(validities, isValidCell(cell ^ (uint64_t)(index & 1) << 44))
OVER_CELLS(pentagons, isPentagon(cell))
OVER_CELLS(resolutions, getResolution(cell))
OVER_CELLS(distances, distanceOf(cell, others[index]))
OVER_CELLS(neighbors, isNeighbor(cell, others[index]))

static uint64_t children(int64_t *items) {
    uint64_t sum = 0;
    *items = 0;
    for (int64_t index = 0; index < count / 49; index++) {
        H3Index parent, out[49];
        must(cellToParent(cells[index], parentResolution, &parent));
        if (isPentagon(parent)) continue;
        must(cellToChildren(parent, resolution, out));
        for (int place = 0; place < 49; place++) sum += out[place];
        *items += 49;
    }
    return sum;
}

static uint64_t sumOfBuffer(int64_t places) {
    uint64_t sum = 0;
    for (int64_t index = 0; index < places; index++) sum += buffer[index];
    return sum;
}

static uint64_t compacting(int64_t *items) {
    memset(buffer, 0, (size_t)setCount * sizeof *buffer);
    must(compactCells(set, buffer, setCount));
    *items = setCount;
    return sumOfBuffer(setCount);
}

static uint64_t uncompacting(int64_t *items) {
    int64_t size;
    must(uncompactCellsSize(compacted, compactedCount, resolution, &size));
    must(uncompactCells(compacted, compactedCount, buffer, size, resolution));
    *items = size;
    return sumOfBuffer(size);
}

static uint64_t covering(int64_t *items) {
    uint64_t sum = 0;
    *items = 0;
    for (int turn = 0; turn < CITY_TURNS; turn++) {
        memset(buffer, 0, (size_t)bufferCount * sizeof *buffer);
        must(polygonToCells(&city, resolution, 0, buffer));
        for (int64_t index = 0; index < bufferCount; index++) {
            sum += buffer[index];
            *items += buffer[index] != 0;
        }
    }
    return sum;
}

static uint64_t coveringByMode(int64_t *items) {
    uint64_t sum = 0;
    *items = 0;
    for (int turn = 0; turn < CITY_TURNS; turn++) {
        memset(buffer, 0, (size_t)bufferCount * sizeof *buffer);
        must(polygonToCellsExperimental(&city, resolution, flags, bufferCount, buffer));
        for (int64_t index = 0; index < bufferCount; index++) {
            sum += buffer[index];
            *items += buffer[index] != 0;
        }
    }
    return sum;
}

static void makeBuffer(int64_t places) {
    free(buffer);
    bufferCount = places;
    buffer = calloc((size_t)places, sizeof *buffer);
    if (!buffer) fail("out of memory");
}

static void measureCity(const char *folder) {
    int64_t numbers;
    double *degrees = readFile(folder, "city.f64", 0, &numbers);
    LatLng *shell = malloc((size_t)(numbers / 2) * sizeof *shell);
    if (!shell) fail("out of memory");
    for (int64_t index = 0; index < numbers / 2; index++) {
        shell[index] = (LatLng){degsToRads(degrees[2 * index]), degsToRads(degrees[2 * index + 1])};
    }
    city = (GeoPolygon){.geoloop = {.numVerts = (int)(numbers / 2), .verts = shell}};
    int64_t places;
    must(maxPolygonToCellsSize(&city, resolution, 0, &places));
    makeBuffer(places);
    measure("polygonToCells", covering);
    static const char *modes[] = {"center", "full", "overlapping", "overlapping_bbox"};
    for (flags = 0; flags < 4; flags++) {
        char name[64];
        snprintf(name, sizeof name, "polygonToCellsExperimental %s", modes[flags]);
        must(maxPolygonToCellsSizeExperimental(&city, resolution, flags, &places));
        makeBuffer(places);
        measure(name, coveringByMode);
    }
}

int main(int argumentCount, char **arguments) {
    if (argumentCount != 3) fail("usage: libh3 FOLDER RESOLUTION");
    resolution = atoi(arguments[2]);
    parentResolution = resolution - 2;
    printf("{\"version\": \"%d.%d.%d\", \"compiler\": \"gcc %s\"}\n", H3_VERSION_MAJOR, H3_VERSION_MINOR,
           H3_VERSION_PATCH, __VERSION__);
    int64_t otherCount;
    cells = readFile(arguments[1], "cells", 1, &count);
    others = readFile(arguments[1], "others", 1, &otherCount);
    set = readFile(arguments[1], "set", 1, &setCount);
    if (otherCount != count) fail("others and cells are not of one length");

    measure("cellToBoundary", boundaries);
    measure("gridDisk k=1", disks1);
    measure("gridDisk k=2", disks2);
    if (resolution == 9) measureCity(arguments[1]);
    measure("cellToParent", parents);
    measure("cellToCenterChild", centerChildren);
    measure("cellToChildPos", positions);
    measure("cellToChildren", children);
    makeBuffer(setCount);
    measure("compactCells", compacting);
    must(compactCells(set, buffer, setCount));
    compacted = buffer;
    while (compactedCount < setCount && compacted[compactedCount]) compactedCount++;
    buffer = NULL;
    makeBuffer(setCount);
    measure("uncompactCells", uncompacting);
    measure("isValidCell", validities);
    measure("isPentagon", pentagons);
    measure("getResolution", resolutions);
    measure("gridDistance", distances);
    measure("areNeighborCells", neighbors);
    return 0;
}
