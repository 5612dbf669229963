using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace RemoteMcp.Http;

/// <summary>Holds the body of a request in one block of memory.</summary>
/// <remarks>
/// The SDK's JSON converter can skip an unknown field only if the first read of the <see cref="PipeReader"/> reports that the body is
/// complete. A reader over a stream does not know that after its first read. A reader over one block of memory does.
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
