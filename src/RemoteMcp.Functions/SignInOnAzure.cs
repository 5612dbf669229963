using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using RemoteMcp.Auth.Authentication;
using RemoteMcp.Configuration;

namespace RemoteMcp.Functions;

/// <summary>Prevents the app from starting on Azure without sign-in, because anyone can access an app on Azure.</summary>
/// <param name="configuration">The settings of the app, including the settings from the platform.</param>
public sealed class SignInOnAzure(IConfiguration configuration) : IValidateOptions<AuthOptions>
{
    /// <summary>Validates that the app does not run on Azure without sign-in.</summary>
    /// <param name="name">The name of the options instance.</param>
    /// <param name="options">The settings in section <see cref="AuthOptions.Section"/>.</param>
    /// <returns>The result of the validation. A failure describes the problem and the settings that fix it.</returns>
    public ValidateOptionsResult Validate(string? name, AuthOptions options) =>
        options.Mode == AuthMode.None && AzurePlatform.IsAppService(configuration)
            ? ValidateOptionsResult.Fail($"{AuthOptions.Section}:Mode is 'None', and this app runs on Azure, where anyone can reach it. "
                + "Set the app settings RemoteMcp__Auth__Mode to Entra, RemoteMcp__Auth__TenantId to the tenant's id and "
                + "RemoteMcp__Auth__ClientId to the client id of the server's app registration.")
            : ValidateOptionsResult.Success;
}
