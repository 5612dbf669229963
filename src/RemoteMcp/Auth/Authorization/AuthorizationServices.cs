using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Server;

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
        services.AddOptions<McpServerOptions>().ValidateOnStart();
        return services;
    }
}
