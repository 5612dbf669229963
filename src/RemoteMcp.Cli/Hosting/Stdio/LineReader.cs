using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace RemoteMcp.Cli.Hosting.Stdio;

/// <summary>Reads the lines of a stream, and holds at most one line of the maximum length in memory.</summary>
/// <param name="input">The stream. It stays open.</param>
/// <param name="maxBytes">The maximum length of a line, in bytes.</param>
internal sealed class LineReader(Stream input, int maxBytes)
{
    private const int BufferSize = 64 * 1024;

    private readonly PipeReader _reader = PipeReader.Create(input, new StreamPipeReaderOptions(bufferSize: BufferSize, leaveOpen: true));

    /// <summary>Reads the lines until the end of the stream. The last line needs no line end.</summary>
    /// <returns>The lines without their ends; <see langword="null"/> for a line that is too long.</returns>
    public async IAsyncEnumerable<byte[]?> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var isSkipping = false;
        long scanned = 0;
        while (true)
        {
            // A read of standard input does not end when its token is cancelled, so the wait for it ends instead.
            var result = await _reader.ReadAsync(CancellationToken.None).AsTask().WaitAsync(cancellationToken);
            var buffer = result.Buffer;
            while (buffer.Slice(scanned).PositionOf((byte)'\n') is { } end)
            {
                var line = buffer.Slice(0, end);
                buffer = buffer.Slice(buffer.GetPosition(1, end));
                scanned = 0;
                if (!isSkipping)
                {
                    yield return line.Length > maxBytes ? null : line.ToArray();
                }

                isSkipping = false;
            }

            if (buffer.Length > maxBytes)
            {
                if (!isSkipping)
                {
                    yield return null;
                }

                isSkipping = true;
                buffer = buffer.Slice(buffer.End);
            }

            if (result.IsCompleted)
            {
                if (!isSkipping && buffer.Length > 0)
                {
                    yield return buffer.ToArray();
                }

                yield break;
            }

            scanned = buffer.Length;
            _reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }
}
