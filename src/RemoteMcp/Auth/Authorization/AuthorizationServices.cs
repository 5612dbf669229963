using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Server;
using RemoteMcp.Auth.Authentication;

namespace RemoteMcp.Auth.Authorization;

/// <summary>Registers the permissions of tools, prompts, and resources.</summary>
internal static class AuthorizationServices
{
    /// <summary>Adds the permissions. The server checks them only if callers sign in.</summary>
    public static IServiceCollection AddPermissions(this IServiceCollection services)
    {
        services.AddSingleton<PermissionTable>();
        services.AddSingleton<PermissionFilters>();
        services.AddSingleton<IValidateOptions<McpServerOptions>, PermissionValidator>();
        services.AddOptions<McpServerOptions>().PostConfigure<IServiceProvider>(static (mcp, provider) =>
        {
            if (provider.GetRequiredService<IOptions<AuthOptions>>().Value.Mode != AuthMode.None)
            {
                // Resolved here and not earlier, because the permission table of the filters needs these options.
                provider.GetRequiredService<PermissionFilters>().Configure(mcp);
            }
        }).ValidateOnStart();
        return services;
    }
}
