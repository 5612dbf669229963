using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace RemoteMcp.Http;

/// <summary>A request's body as one piece of memory.</summary>
/// <remarks>
/// The SDK's converter skips unknown fields only where the reader says that the whole body is there; a reader over a stream never does at once.
/// </remarks>
internal sealed class BufferedBody(ReadOnlyMemory<byte> bytes) : IRequestBodyPipeFeature
{
    public ReadOnlyMemory<byte> Bytes => bytes;

    public PipeReader Reader { get; } = PipeReader.Create(new ReadOnlySequence<byte>(bytes));

    /// <summary>Puts the body in place of what the request was read from.</summary>
    public static void Set(HttpContext context, ReadOnlyMemory<byte> bytes)
    {
        var body = new BufferedBody(bytes);
        MemoryMarshal.TryGetArray(bytes, out var array);
        context.Request.Body = new MemoryStream(array.Array!, array.Offset, array.Count, writable: false);
        context.Features.Set(body);
        context.Features.Set<IRequestBodyPipeFeature>(body);
    }
}
