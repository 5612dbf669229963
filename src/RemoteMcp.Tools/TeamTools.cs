using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace RemoteMcp.Tools;

/// <summary>The team's tools: every family in this folder.</summary>
public static class TeamTools
{
    /// <summary>Adds every tool family with its settings.</summary>
    /// <param name="builder">The server to add the tools to.</param>
    /// <param name="configuration">The host's configuration.</param>
    /// <returns>The same builder.</returns>
    public static IMcpServerBuilder WithTeamTools(this IMcpServerBuilder builder, IConfiguration configuration) => builder;
}
