namespace RemoteMcp.Cli.Doctor;

/// <summary>
/// Reads a response up to a maximum length. A server can send an event without an end, which the reader would keep in memory.
/// </summary>
/// <param name="response">The response.</param>
/// <param name="maxLength">The maximum length in bytes.</param>
internal sealed class BoundedStream(Stream response, long maxLength) : Stream
{
    private long _length;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Count(response.Read(buffer, offset, count));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Count(await response.ReadAsync(buffer, cancellationToken));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            response.Dispose();
        }

        base.Dispose(disposing);
    }

    // The checks treat this exception as a document that cannot be read.
    private int Count(int read) => (_length += read) <= maxLength
        ? read
        : throw new HttpRequestException($"The response is longer than {maxLength / 1024 / 1024} MiB.");
}
