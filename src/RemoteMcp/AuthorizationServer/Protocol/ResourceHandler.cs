using Microsoft.AspNetCore;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using RemoteMcp.Auth.Authentication;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace RemoteMcp.AuthorizationServer.Protocol;

/// <summary>
/// Requires that <c>resource</c> (RFC 8707) is the endpoint of this server, if the client sends it. It replaces OpenIddict's own handlers,
/// which compare with a list that is known at the start. The URL of this endpoint depends on the host of the request.
/// </summary>
internal sealed class ResourceHandler
    : IOpenIddictServerHandler<HandleAuthorizationRequestContext>, IOpenIddictServerHandler<ValidateTokenRequestContext>
{
    public ValueTask HandleAsync(HandleAuthorizationRequestContext context)
    {
        Validate(context, context.Request);
        return default;
    }

    public ValueTask HandleAsync(ValidateTokenRequestContext context)
    {
        Validate(context, context.Request);
        return default;
    }

    private static void Validate(BaseValidatingContext context, OpenIddictRequest request)
    {
        var resource = ResourceUrl.Of(context.Transaction.GetHttpRequest()!);
        foreach (var requested in request.GetResources())
        {
            // Clients add or remove a slash at the end, and some send the root of the server.
            if (!IsSame(requested, resource))
            {
                context.Reject(Errors.InvalidTarget, $"The resource of this server is {resource}.");
                return;
            }
        }
    }

    private static bool IsSame(string requested, string resource) =>
        Uri.TryCreate(requested, UriKind.Absolute, out var uri)
        && uri is { Query: "", Fragment: "", UserInfo: "" }
        && (string.Equals(uri.AbsoluteUri.TrimEnd('/'), resource, StringComparison.Ordinal)
            || resource.StartsWith(uri.AbsoluteUri.TrimEnd('/') + "/", StringComparison.Ordinal));
}
