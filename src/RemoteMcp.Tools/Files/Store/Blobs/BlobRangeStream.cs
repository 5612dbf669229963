using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace RemoteMcp.Tools.Files.Store.Blobs;

/// <summary>
/// Reads the bytes of a blob from an offset to the end. The stream downloads one range after the other while the caller reads. All ranges
/// are of the version that was opened (<c>If-Match</c>). If a connection breaks within a range, the client library requests the rest of the
/// same version.
/// </summary>
/// <param name="blob">The blob.</param>
/// <param name="entry">The entry of the blob when it was opened.</param>
/// <param name="version">The ETag of the version.</param>
/// <param name="position">The offset of the first byte to read.</param>
/// <param name="first">The content of the first range.</param>
internal sealed class BlobRangeStream(BlobClient blob, FileEntry entry, ETag version, long position, Stream first) : Stream
{
    /// <summary>The maximum number of bytes of one request. Bytes that are requested and not read are wasted.</summary>
    public const int RangeLength = 4 * 1024 * 1024;

    private Stream _range = first;
    private long _rest = RangeAt(entry, position);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            if (buffer.Length == 0 || position >= entry.Length)
            {
                return 0;
            }

            if (_rest == 0)
            {
                await OpenNextAsync(cancellationToken);
            }

            // The stream never reads beyond the range, so it does not depend on how the client library handles the end of a connection.
            var count = await _range.ReadAsync(buffer[..(int)Math.Min(buffer.Length, _rest)], cancellationToken);
            if (count == 0)
            {
                throw new EndOfStreamException("The response with a range of a blob ended too early.");
            }

            position += count;
            _rest -= count;
            return count;
        }
        catch (Exception exception) when (BlobErrors.Explain(exception, entry.Path, cancellationToken) is { } explained)
        {
            throw explained;
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read the stream asynchronously.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _range.Dispose();
        }

        base.Dispose(disposing);
    }

    private static long RangeAt(FileEntry entry, long position) => Math.Min(RangeLength, entry.Length!.Value - position);

    private async Task OpenNextAsync(CancellationToken cancellationToken)
    {
        await _range.DisposeAsync();
        var options = new BlobDownloadOptions
        {
            Range = new HttpRange(position, RangeLength),
            Conditions = new BlobRequestConditions { IfMatch = version },
        };
        BlobDownloadStreamingResult next = await blob.DownloadStreamingAsync(options, cancellationToken);
        _range = next.Content;
        _rest = RangeAt(entry, position);
    }
}
