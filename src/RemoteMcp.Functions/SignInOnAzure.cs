using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using RemoteMcp.Auth.Authentication;

namespace RemoteMcp.Functions;

/// <summary>On Azure everybody can reach the app: it does not start unless callers sign in.</summary>
/// <param name="configuration">The app's settings, among them what the platform sets.</param>
public sealed class SignInOnAzure(IConfiguration configuration) : IValidateOptions<AuthOptions>
{
    /// <summary>Fails where the app runs on Azure without sign-in.</summary>
    /// <param name="name">The name of the options; they have one.</param>
    /// <param name="options">The settings of section <see cref="AuthOptions.Section"/>.</param>
    /// <returns>What is wrong, with what to set.</returns>
    public ValidateOptionsResult Validate(string? name, AuthOptions options) => options.Mode == AuthMode.None && IsOnAzure
        ? ValidateOptionsResult.Fail($"{AuthOptions.Section}:Mode is 'None', and this app runs on Azure, where everybody can reach it. Set the app settings RemoteMcp__Auth__Mode to Entra, "
            + "RemoteMcp__Auth__TenantId to the tenant's id and RemoteMcp__Auth__ClientId to the client id of the server's app registration.")
        : ValidateOptionsResult.Success;

    // The platform sets both; `func start` sets the host name alone, to this machine.
    private bool IsOnAzure => !string.IsNullOrEmpty(configuration["WEBSITE_INSTANCE_ID"])
        || configuration["WEBSITE_HOSTNAME"] is { Length: > 0 } host && !host.StartsWith("localhost", StringComparison.OrdinalIgnoreCase) && !host.StartsWith("127.0.0.1", StringComparison.Ordinal);
}
