using BenchmarkDotNet.Running;
using RemoteMcp.Benchmarks;

BenchmarkRunner.Run<TransportBenchmarks>(args: args);
