using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Identity.Web;
using RemoteMcp.Emulators;

namespace RemoteMcp.Tests.Emulators;

internal static class EmulatorTrust
{
    /// <summary>
    /// Makes three HTTP clients of Microsoft.Identity.Web trust the emulator's certificate: those for keys, for issuers, and for MSAL. A
    /// separate process trusts it with SSL_CERT_FILE.
    /// </summary>
    public static void TrustEmulator(this IServiceCollection services, Emulator emulator)
    {
        services.Configure<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme, options =>
        {
            options.BackchannelHttpHandler = emulator.CreateHandler();
            options.RefreshOnIssuerKeyNotFound = true;
        });
        services.Configure<AadIssuerValidatorOptions>(options => options.HttpClientName = "issuers");
        services.AddHttpClient("issuers").ConfigurePrimaryHttpMessageHandler(() => emulator.CreateHandler());
        services.AddHttpClient(Options.DefaultName).ConfigurePrimaryHttpMessageHandler(() => emulator.CreateHandler());
    }
}
