using Microsoft.Extensions.Configuration;

namespace RemoteMcp.Configuration;

/// <summary>Reads what Azure's hosting platforms tell an app about itself, from the environment variables that they set.</summary>
public static class AzurePlatform
{
    /// <summary>Returns whether the app runs on App Service or Azure Functions.</summary>
    /// <param name="configuration">The configuration of the host, with its environment variables.</param>
    /// <returns>
    /// <see langword="true"/> on these platforms; <see langword="false"/> elsewhere, including an app that <c>func start</c> runs locally.
    /// </returns>
    public static bool IsAppService(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return !string.IsNullOrEmpty(configuration["WEBSITE_INSTANCE_ID"]) || HostName(configuration) is not null;
    }

    /// <summary>Returns the host name of the app on App Service or Azure Functions.</summary>
    /// <param name="configuration">The configuration of the host, with its environment variables.</param>
    /// <returns>
    /// The host name, or <see langword="null"/> elsewhere. It is also <see langword="null"/> in <c>func start</c>, which sets the same
    /// environment variable to a loopback address.
    /// </returns>
    public static string? HostName(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return configuration["WEBSITE_HOSTNAME"] is { Length: > 0 } name
            && Uri.TryCreate("https://" + name, UriKind.Absolute, out var url)
            && !url.IsLoopback
                ? name
                : null;
    }

    /// <summary>Returns whether the platform provides a managed identity: App Service, Azure Functions, or Container Apps.</summary>
    /// <param name="configuration">The configuration of the host, with its environment variables.</param>
    /// <returns><see langword="true"/> if the platform has set the endpoint for tokens of managed identities.</returns>
    public static bool HasManagedIdentity(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return !string.IsNullOrEmpty(configuration["IDENTITY_ENDPOINT"]);
    }
}
