using System.Collections.Concurrent;
using Grpc.Core;

namespace RemoteMcp.FunctionsHost.Workers;

/// <summary>The channels whose worker process has started but not connected yet.</summary>
internal sealed class WorkerChannels
{
    private readonly ConcurrentDictionary<string, WorkerChannel> _waiting = new();

    public void Expect(string worker, WorkerChannel channel) => _waiting[worker] = channel;

    /// <exception cref="RpcException">No process was started for this worker, or the worker has already connected.</exception>
    public WorkerChannel Take(string worker) => _waiting.TryRemove(worker, out var channel)
        ? channel
        : throw new RpcException(
            new Status(StatusCode.NotFound, $"Worker '{worker}' was not started by this host, or it has connected before."));
}
