using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace RemoteMcp.Http;

/// <summary>Holds the body of a request in one block of memory.</summary>
/// <remarks>
/// The SDK's converter skips unknown fields only if the reader reports that the whole body is available. A reader over a stream does not
/// report that on the first read.
/// </remarks>
internal sealed class BufferedBody(ReadOnlyMemory<byte> bytes) : IRequestBodyPipeFeature
{
    public ReadOnlyMemory<byte> Bytes => bytes;

    public PipeReader Reader { get; } = PipeReader.Create(new ReadOnlySequence<byte>(bytes));

    /// <summary>Replaces the body of the request with the buffered body.</summary>
    public static void Set(HttpContext context, ReadOnlyMemory<byte> bytes)
    {
        var body = new BufferedBody(bytes);
        MemoryMarshal.TryGetArray(bytes, out var array);
        context.Request.Body = new MemoryStream(array.Array!, array.Offset, array.Count, writable: false);
        context.Features.Set(body);
        context.Features.Set<IRequestBodyPipeFeature>(body);
    }
}
