/// How often memory was allocated in this process.
long allocations(void);
