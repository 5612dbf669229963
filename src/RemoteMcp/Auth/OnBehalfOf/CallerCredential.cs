using System.Security.Claims;
using Azure.Core;
using RemoteMcp.Auth.Authentication;
using RemoteMcp.ManagedIdentity;

namespace RemoteMcp.Auth.OnBehalfOf;

/// <summary>A credential that acquires tokens on behalf of the caller of one request.</summary>
/// <param name="user">The caller.</param>
/// <param name="app">The server's own identity. It is the developer's identity if callers do not sign in.</param>
/// <param name="flow">The on-behalf-of flow, or <see langword="null"/> if the host does not support it.</param>
internal sealed class CallerCredential(ClaimsPrincipal? user, AppCredential app, OnBehalfOfFlow? flow) : TokenCredential
{
    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        GetTokenAsync(requestContext, cancellationToken).AsTask().GetAwaiter().GetResult();

    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        if (user?.Identity is not { IsAuthenticated: true })
        {
            // An unauthenticated caller must not use the permissions of the managed identity.
            return app.IsManagedIdentity
                ? throw new CloudAccessException(CloudAccessProblem.NotConfigured,
                    "This tool acts on behalf of the caller, but callers of this server do not sign in. The operator must set "
                        + $"{AuthOptions.Section}:Mode to Entra.")
                : app.GetTokenAsync(requestContext, cancellationToken);
        }

        if (new Grants(user).IsAppOnly)
        {
            throw new CloudAccessException(CloudAccessProblem.NoUser,
                "This tool acts with the permissions of a person, but the caller is an app without a user. Sign in as a user and call the "
                    + "tool again. An app cannot use it.");
        }

        return flow is null
            ? throw new CloudAccessException(CloudAccessProblem.NotConfigured,
                "This tool acts on behalf of the caller, but this host of the server does not support that.")
            : flow.GetTokenAsync(user, requestContext, cancellationToken);
    }
}
