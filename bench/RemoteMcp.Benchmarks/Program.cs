using BenchmarkDotNet.Running;
using RemoteMcp.Benchmarks;
using RemoteMcp.Benchmarks.Functions;

if (args is ["functions"])
{
    return await FunctionsBenchmark.RunAsync();
}

BenchmarkRunner.Run<TransportBenchmarks>(args: args);
return 0;
