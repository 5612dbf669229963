using System.IO.Pipelines;
using Microsoft.Extensions.Time.Testing;
using RemoteMcp.Http;
using Xunit;

namespace RemoteMcp.Tests.Http;

/// <summary>Tests the end of a read whose request was aborted at the same moment.</summary>
public sealed class PacedStreamTests
{
    [Fact]
    public async Task Deadline_of_an_aborted_request_throws_nothing_into_the_timer()
    {
        var time = new FakeTimeProvider();
        var body = new AbortedReader();
        await using var stream = new PacedStream(body, TimeSpan.FromSeconds(1), time);
        var reading = stream.ReadAsync(new byte[10], TestContext.Current.CancellationToken).AsTask();

        time.Advance(TimeSpan.FromSeconds(1));

        Assert.True(body.WasCancelled);
        body.Abort();
        await Assert.ThrowsAsync<ConnectionAbortedException>(() => reading);
    }

    private sealed class ConnectionAbortedException : Exception;

    /// <summary>A reader that throws after an abort, as Kestrel's reader of the request body does.</summary>
    private sealed class AbortedReader : PipeReader
    {
        private readonly TaskCompletionSource<ReadResult> _pending = new();

        public bool WasCancelled { get; private set; }

        public void Abort() => _pending.SetException(new ConnectionAbortedException());

        public override void CancelPendingRead()
        {
            WasCancelled = true;
            throw new ConnectionAbortedException();
        }

        public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) => new(_pending.Task);

        public override bool TryRead(out ReadResult result) => throw new NotSupportedException();

        public override void AdvanceTo(SequencePosition consumed)
        {
        }

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
        {
        }

        public override void Complete(Exception? exception = null)
        {
        }
    }
}
