using Microsoft.AspNetCore.Http;
using RemoteMcp.Http;

namespace RemoteMcp.Limits;

/// <summary>
/// Reads the body of a request whose caller is not signed in, and takes memory for it in steps as it arrives. A client that sends nothing
/// takes one step, and gives it back when the request ends.
/// </summary>
internal sealed class AnonymousBody(Stream body, RequestMemory memory) : ReadOnlyStream
{
    private readonly RequestPermit _permit = new();
    private long _available;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_available == 0)
        {
            var lease = memory.TryTakeAnonymous();
            _permit.Add(lease);
            if (!lease.IsAcquired)
            {
                throw new RefusedBodyException(
                    "The server has no memory for another form; try again.", StatusCodes.Status503ServiceUnavailable);
            }

            _available = RequestMemory.AnonymousStep;
        }

        var read = await body.ReadAsync(buffer[..(int)Math.Min(buffer.Length, _available)], cancellationToken);
        _available -= read;
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _permit.Dispose();
        }

        base.Dispose(disposing);
    }
}
