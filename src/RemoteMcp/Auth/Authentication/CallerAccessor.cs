using System.Security.Claims;

namespace RemoteMcp.Auth.Authentication;

/// <summary>
/// Carries the caller of a request, as its own token describes it, to what a tool is given; one a request scope. An ambient HttpContext
/// would not do: on HTTP+SSE it is that of the request that opened the stream.
/// </summary>
internal sealed class CallerAccessor
{
    public ClaimsPrincipal? User { get; set; }
}
