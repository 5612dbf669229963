namespace RemoteMcp.Tests.Files.Blobs;

/// <summary>Represents a blob of <see cref="FakeBlobService"/>. Its content repeats up to its length.</summary>
internal sealed class FakeBlob(byte[] content, long? length = null)
{
    private static int s_versions;

    public byte[] Content { get; } = content;

    public long Length { get; } = length ?? content.Length;

    public string Version { get; } = $"0x8D{Interlocked.Increment(ref s_versions):X12}";

    public bool IsFolder { get; init; }

    /// <summary>Gets the byte positions at which the connection breaks, once each.</summary>
    public Queue<long> Breaks { get; init; } = new();

    /// <summary>Gets the action that runs when the connection breaks.</summary>
    public Action OnBreak { get; init; } = static () => { };
}

/// <summary>Represents the body of a download.</summary>
internal sealed class FakeBlobBody(FakeBlob blob, long position, long rest, Action closed) : Stream
{
    private bool _isClosed;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        if (blob.Breaks.TryPeek(out var stop) && position >= stop)
        {
            blob.Breaks.Dequeue();
            blob.OnBreak();
            throw new IOException("The connection broke.");
        }

        var from = (int)(position % Math.Max(blob.Content.Length, 1));
        var count = (int)Math.Min(
            Math.Min(buffer.Length, rest), Math.Min(blob.Content.Length - from, blob.Breaks.Count > 0 ? stop - position : long.MaxValue));
        blob.Content.AsSpan(from, count).CopyTo(buffer);
        position += count;
        rest -= count;
        return count;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<int>(cancellationToken)
            : ValueTask.FromResult(Read(buffer.Span));

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (!_isClosed)
        {
            _isClosed = true;
            closed();
        }

        base.Dispose(disposing);
    }
}
