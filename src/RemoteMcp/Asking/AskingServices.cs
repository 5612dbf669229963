using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Server;
using RemoteMcp.Keys;
using RemoteMcp.State;

namespace RemoteMcp.Asking;

/// <summary>Registers what asks the user.</summary>
internal static class AskingServices
{
    /// <summary>
    /// Adds <see cref="Ask"/> for tools, prompts and resources, and the sealing of every <c>requestState</c>. It stands outside of all
    /// filters that are added later. Needs <see cref="IStateStore"/>.
    /// </summary>
    public static IMcpServerBuilder AddAsking(this IMcpServerBuilder builder, IConfiguration configuration)
    {
        var services = builder.Services;
        services.AddStrictOptions<AskingOptions>(configuration, AskingOptions.Section);
        services.AddSingleton<IValidateOptions<AskingOptions>, AskingOptionsValidator>();
        services.AddKeys();
        services.AddStateTable(OnceMarks.Table);
        services.TryAddSingleton<OnceMarks>();
        services.TryAddSingleton<RequestStateSealer>();
        services.TryAddSingleton<RequestStateFilter>();
        services.TryAddScoped<AskAccessor>();
        services.TryAddScoped(static scope => scope.GetRequiredService<AskAccessor>().Current
            ?? throw new InvalidOperationException($"There is nobody to ask: {nameof(Ask)} is for the parameters of tools, prompts and resources."));
        services.AddOptions<McpServerOptions>().Configure<RequestStateFilter>(static (mcp, filter) =>
        {
            mcp.Filters.Request.CallToolFilters.Add(filter.Tool);
            mcp.Filters.Request.GetPromptFilters.Add(filter.Prompt);
            mcp.Filters.Request.ReadResourceFilters.Add(filter.Resource);
        });
        return builder;
    }
}
