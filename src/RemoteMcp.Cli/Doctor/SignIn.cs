using Azure.Core;
using Azure.Identity;

namespace RemoteMcp.Cli.Doctor;

/// <summary>Represents the options for the sign-in of the user at the terminal.</summary>
/// <param name="ClientId">The client ID of the public client.</param>
/// <param name="Tenant">The tenant, or null to use the tenant of the issuer.</param>
/// <param name="Browser">A value that indicates whether to use the browser of this machine instead of a device code.</param>
/// <param name="Terminal">The writer that shows the device code.</param>
internal sealed record SignIn(string ClientId, string? Tenant, bool Browser, TextWriter Terminal)
{
    /// <summary>Returns the credential for an issuer.</summary>
    /// <param name="issuer">The URL of the authorization server, <c>https://HOST/TENANT/v2.0</c>.</param>
    public TokenCredential For(Uri issuer)
    {
        var tenant = Tenant ?? issuer.Segments.ElementAtOrDefault(1)?.Trim('/');
        var authority = new Uri(issuer.GetLeftPart(UriPartial.Authority));
        // The server provides the authority. By default, MSAL asks Microsoft's cloud whether the authority is valid.
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
