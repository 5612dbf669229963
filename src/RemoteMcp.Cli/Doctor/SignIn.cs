using Azure.Core;
using Azure.Identity;

namespace RemoteMcp.Cli.Doctor;

/// <summary>How the person at the terminal signs in.</summary>
/// <param name="ClientId">The public client.</param>
/// <param name="Tenant">The tenant; the issuer's if null.</param>
/// <param name="Browser">By the browser of this machine instead of a code.</param>
/// <param name="Terminal">Where the code is shown.</param>
internal sealed record SignIn(string ClientId, string? Tenant, bool Browser, TextWriter Terminal)
{
    /// <param name="issuer">The authorization server, <c>https://HOST/TENANT/v2.0</c>.</param>
    public TokenCredential For(Uri issuer)
    {
        var tenant = Tenant ?? issuer.Segments.ElementAtOrDefault(1)?.Trim('/');
        var authority = new Uri(issuer.GetLeftPart(UriPartial.Authority));
        // The server names it; MSAL would ask Microsoft's cloud whether it knows it.
        var isMicrosoft = authority.Host.EndsWith(".microsoftonline.com", StringComparison.OrdinalIgnoreCase);
        return Browser
            ? new InteractiveBrowserCredential(new InteractiveBrowserCredentialOptions
            {
                ClientId = ClientId,
                TenantId = tenant,
                AuthorityHost = authority,
                DisableInstanceDiscovery = !isMicrosoft,
            })
            : new DeviceCodeCredential(new DeviceCodeCredentialOptions
            {
                ClientId = ClientId,
                TenantId = tenant,
                AuthorityHost = authority,
                DisableInstanceDiscovery = !isMicrosoft,
                DeviceCodeCallback = (code, _) => Terminal.WriteLineAsync(code.Message),
            });
    }
}
