using System.Net.ServerSentEvents;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace RemoteMcp.Sessions.Streams;

/// <summary>
/// Represents a response stream that cannot be resumed: its events get no ids. <see cref="ResponseStreams.CreateStreamAsync"/> has the
/// reasons.
/// </summary>
#pragma warning disable MCP9006 // Resumability is for clients of 2025-11-25; those clients are what it exists for.
internal sealed class UnresumableStream : ISseEventStreamWriter
{
    public static UnresumableStream Instance { get; } = new();

    public ValueTask<SseItem<JsonRpcMessage?>> WriteEventAsync(
        SseItem<JsonRpcMessage?> sseItem, CancellationToken cancellationToken = default) => ValueTask.FromResult(sseItem);

    public ValueTask SetModeAsync(SseEventStreamMode mode, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
#pragma warning restore MCP9006
