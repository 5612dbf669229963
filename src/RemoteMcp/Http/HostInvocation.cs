namespace RemoteMcp.Http;

/// <summary>The host's invocation that carries a request, where the host has such a thing.</summary>
/// <param name="Ends">Cancelled when the host ends the invocation, whether or not the client is still connected.</param>
internal sealed record HostInvocation(CancellationToken Ends);
