using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace RemoteMcp.Tools.Files.Store.Blobs;

/// <summary>
/// A blob's bytes from some offset on, downloaded range by range as they are read, each as a stream. All are of the version that was
/// opened (<c>If-Match</c>). Where a connection breaks within a range, the client library asks for the rest of it, of the same version.
/// </summary>
/// <param name="blob">The blob.</param>
/// <param name="entry">The blob as it was opened.</param>
/// <param name="version">Its version.</param>
/// <param name="position">The first byte to read.</param>
/// <param name="first">The first range.</param>
internal sealed class BlobRangeStream(BlobClient blob, FileEntry entry, ETag version, long position, Stream first) : Stream
{
    /// <summary>The most bytes of one request: what is asked for and not read is lost.</summary>
    public const int RangeLength = 4 * 1024 * 1024;

    private Stream? _range = first;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            bool isNew = false;
            while (buffer.Length > 0 && position < entry.Length)
            {
                if (_range is null)
                {
                    _range = await OpenRangeAsync(cancellationToken);
                    isNew = true;
                }

                int count = await _range.ReadAsync(buffer, cancellationToken);
                if (count > 0)
                {
                    position += count;
                    return count;
                }

                await _range.DisposeAsync();
                _range = null;
                if (isNew)
                {
                    throw new EndOfStreamException("A range of a blob came empty.");
                }
            }

            return 0;
        }
        catch (Exception error) when (BlobErrors.Explain(error, entry.Path, cancellationToken) is { } explained)
        {
            throw explained;
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read it asynchronously.");

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
            _range?.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task<Stream> OpenRangeAsync(CancellationToken cancellationToken)
    {
        var options = new BlobDownloadOptions { Range = new HttpRange(position, RangeLength), Conditions = new BlobRequestConditions { IfMatch = version } };
        BlobDownloadStreamingResult range = await blob.DownloadStreamingAsync(options, cancellationToken);
        return range.Content;
    }
}
