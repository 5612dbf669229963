using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Server;
using RemoteMcp.Configuration;
using RemoteMcp.DataProtection;
using RemoteMcp.Storage;

namespace RemoteMcp.Elicitation;

/// <summary>Registers the services for prompts to the user.</summary>
internal static class ElicitationServices
{
    /// <summary>
    /// Adds <see cref="UserPrompts"/> for tools, prompts, and resources, and the filter that seals every <c>requestState</c>. This filter
    /// runs outside all filters that are added later. It needs <see cref="IStateStore"/>.
    /// </summary>
    public static IMcpServerBuilder AddElicitation(this IMcpServerBuilder builder, IConfiguration configuration)
    {
        var services = builder.Services;
        services.AddStrictOptions<ElicitationOptions>(configuration, ElicitationOptions.Section);
        services.AddSingleton<IValidateOptions<ElicitationOptions>, ElicitationOptionsValidator>();
        services.AddFleetDataProtection();
        services.AddStateTable(ReplayGuard.Table);
        services.TryAddSingleton<ReplayGuard>();
        services.TryAddSingleton<RequestStateSealer>();
        services.TryAddSingleton<RequestStateFilter>();
        services.TryAddScoped<UserPromptsAccessor>();
        services.TryAddScoped(static scope => scope.GetRequiredService<UserPromptsAccessor>().Current
            ?? throw new InvalidOperationException($"There is nobody to ask: {nameof(UserPrompts)} is for the parameters of tools, prompts and resources."));
        services.AddOptions<McpServerOptions>().Configure<RequestStateFilter>(static (mcp, filter) =>
        {
            mcp.Filters.Request.CallToolFilters.Add(filter.Tool);
            mcp.Filters.Request.GetPromptFilters.Add(filter.Prompt);
            mcp.Filters.Request.ReadResourceFilters.Add(filter.Resource);
        });
        return builder;
    }
}
