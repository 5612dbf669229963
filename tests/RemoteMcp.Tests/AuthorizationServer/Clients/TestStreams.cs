using RemoteMcp.Http;

namespace RemoteMcp.Tests.AuthorizationServer.Clients;

/// <summary>A body that never ends. It counts the bytes that were read.</summary>
internal sealed class EndlessStream : ReadOnlyStream
{
    public int BytesRead { get; private set; }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        BytesRead += buffer.Length;
        buffer.Span.Fill((byte)' ');
        return new(buffer.Length);
    }
}

/// <summary>A body that never arrives.</summary>
internal sealed class SilentStream : ReadOnlyStream
{
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when someone waits for the body.</summary>
    public Task Asked => _asked.Task;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _asked.TrySetResult();
        await Task.Delay(Timeout.Infinite, cancellationToken);
        return 0;
    }
}
