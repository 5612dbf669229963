using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RemoteMcp.Configuration;
using RemoteMcp.Tools.Account;
using RemoteMcp.Tools.Advice;
using RemoteMcp.Tools.Analytics;
using RemoteMcp.Tools.Azure;
using RemoteMcp.Tools.Files;

namespace RemoteMcp.Tools;

/// <summary>Registers the team's tools. This is the only place that lists them.</summary>
public static class TeamTools
{
    /// <summary>Adds every family of tools to an MCP server. Each family reads its settings from its own configuration section.</summary>
    /// <param name="builder">The builder of the MCP server.</param>
    /// <param name="configuration">
    /// The configuration, with the sections <see cref="FilesOptions.Section"/>, <see cref="AnalyticsOptions.Section"/>,
    /// <see cref="AccountOptions.Section"/> and <see cref="AzureOptions.Section"/>.
    /// </param>
    /// <returns>The same builder.</returns>
    public static IMcpServerBuilder WithTeamTools(this IMcpServerBuilder builder, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configuration);
        return builder
            .WithFiles(configuration)
            .WithAnalytics(configuration)
            .WithAccount(configuration)
            .WithAzure(configuration)
            .WithAdvice();
    }

    /// <summary>Allows the settings of the tools in a host that does not offer them.</summary>
    internal static IServiceCollection AddKnownToolSections(this IServiceCollection services) => services
        .AddKnownSection<FilesOptions>(FilesOptions.Section)
        .AddKnownSection<AnalyticsOptions>(AnalyticsOptions.Section)
        .AddKnownSection<AccountOptions>(AccountOptions.Section)
        .AddKnownSection<AzureOptions>(AzureOptions.Section);
}
