using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace RemoteMcp.AuthorizationServer.Protocol;

/// <summary>
/// Refuses requests that OAuth does not allow and that OpenIddict accepts: a parameter that occurs twice (RFC 6749, section 3.1), and an
/// authorization request without a redirect URI, to which this server could bind no consent.
/// </summary>
internal sealed class ParameterHandler
    : IOpenIddictServerHandler<ValidateAuthorizationRequestContext>, IOpenIddictServerHandler<ValidateTokenRequestContext>
{
    public ValueTask HandleAsync(ValidateAuthorizationRequestContext context)
    {
        RequireSingleValues(context, context.Request);
        if (!context.IsRejected && string.IsNullOrEmpty(context.Request.RedirectUri))
        {
            context.Reject(Errors.InvalidRequest, "The parameter redirect_uri is missing.");
        }

        return default;
    }

    public ValueTask HandleAsync(ValidateTokenRequestContext context)
    {
        RequireSingleValues(context, context.Request);
        return default;
    }

    private static void RequireSingleValues(BaseValidatingContext context, OpenIddictRequest request)
    {
        foreach (var (name, value) in request.GetParameters())
        {
            // RFC 8707, section 2, allows several resources.
            if (value.Count > 1 && name != Parameters.Resource)
            {
                context.Reject(Errors.InvalidRequest, "A parameter occurs more than once.");
                return;
            }
        }
    }
}
