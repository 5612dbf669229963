using System.Security.Claims;

namespace RemoteMcp.Auth.Authentication;

/// <summary>
/// Holds the caller of the current request for the services that a tool receives. Each request scope has one instance. The caller comes
/// from the token of the request itself. The HttpContext is not sufficient, because on HTTP+SSE it belongs to the request that opened
/// the stream.
/// </summary>
internal sealed class CallerAccessor
{
    public ClaimsPrincipal? User { get; set; }
}
