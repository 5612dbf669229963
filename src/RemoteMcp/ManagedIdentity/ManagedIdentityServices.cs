using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using RemoteMcp.Configuration;

namespace RemoteMcp.ManagedIdentity;

/// <summary>Registers the server's own identity.</summary>
internal static class ManagedIdentityServices
{
    /// <summary>Adds the server's own identity, for the state storage and for tools.</summary>
    public static IServiceCollection AddAppCredential(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddStrictOptions<AppCredentialOptions>(configuration, AppCredentialOptions.Section);
        services.PostConfigure<AppCredentialOptions>(identity =>
        {
            identity.IsOnAzure = AzurePlatform.HasManagedIdentity(configuration);
            // Elsewhere, AZURE_CLIENT_ID can be for another kind of credential, such as a service principal.
            if (identity.IsOnAzure)
            {
                identity.ClientId ??= configuration["AZURE_CLIENT_ID"];
            }
        });
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<AppCredentialOptions>, AppCredentialOptionsValidator>());
        services.TryAddSingleton<AppCredential>();
        return services;
    }
}
