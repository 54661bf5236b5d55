-- For wrk: asks for the paths of the file that BENCH_PATHS names, each thread from another place on, and prints one line of JSON.
local threads = 0

-- With BENCH_PAUSE each client waits so many milliseconds on the average before it asks again.
local pause = tonumber(os.getenv("BENCH_PAUSE"))
if pause > 0 then
   function delay()
      return math.random(0, 2 * pause)
   end
end

function setup(thread)
   thread:set("number", threads)
   threads = threads + 1
end

function init()
   requests = {}
   for path in io.lines(os.getenv("BENCH_PATHS")) do
      requests[#requests + 1] = wrk.format("GET", path, { ["Accept-Encoding"] = "gzip", ["Host"] = "127.0.0.1" })
   end
   place = math.floor(number * #requests / 7)
end

function request()
   place = place % #requests + 1
   return requests[place]
end

function done(summary, latency)
   local failed = summary.errors
   io.write(string.format(
      'BENCH {"requests": %d, "seconds": %.6f, "bytes": %d, "errors": %d, "p50": %.4f, "p95": %.4f, "p99": %.4f}\n',
      summary.requests, summary.duration / 1e6, summary.bytes,
      failed.connect + failed.read + failed.write + failed.status + failed.timeout,
      latency:percentile(50) / 1e3, latency:percentile(95) / 1e3, latency:percentile(99) / 1e3))
end
