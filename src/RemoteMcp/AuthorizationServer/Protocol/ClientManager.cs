using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Core;
using RemoteMcp.AuthorizationServer.Clients;

namespace RemoteMcp.AuthorizationServer.Protocol;

/// <summary>Compares redirect URIs as RFC 8252, section 7.3, requires: exactly, but with any port on a loopback address.</summary>
internal sealed class ClientManager(
    IOpenIddictApplicationCache<ClientApplication> cache,
    ILogger<OpenIddictApplicationManager<ClientApplication>> logger,
    IOptionsMonitor<OpenIddictCoreOptions> options,
    IOpenIddictApplicationStore<ClientApplication> store,
    RedirectPolicy policy) : OpenIddictApplicationManager<ClientApplication>(cache, logger, options, store)
{
    public override ValueTask<bool> ValidateRedirectUriAsync(
        ClientApplication application, string uri, CancellationToken cancellationToken = default)
    {
        // The policy can have changed since the client registered.
        if (policy.IsAllowed(uri))
        {
            foreach (var registered in application.RedirectUris)
            {
                if (RedirectUri.Matches(registered, uri))
                {
                    return new(true);
                }
            }
        }

        return new(false);
    }
}
