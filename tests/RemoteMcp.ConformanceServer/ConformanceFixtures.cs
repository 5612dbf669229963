using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Protocol;
using RemoteMcp.ConformanceServer.Prompts;
using RemoteMcp.ConformanceServer.Resources;
using RemoteMcp.ConformanceServer.Tools;

namespace RemoteMcp.ConformanceServer;

/// <summary>
/// The tools, prompts, and resources that the MCP conformance suite expects on a server. The description of each scenario in the suite
/// (<c>conformance list --server</c>) says what its fixture must do.
/// </summary>
public static class ConformanceFixtures
{
    /// <summary>Adds the fixtures.</summary>
    public static IMcpServerBuilder WithConformanceFixtures(this IMcpServerBuilder builder)
    {
        builder.Services.AddSingleton<SignedState>().AddSingleton<Waits>();
        return builder
            .WithTools<ContentTools>()
            .WithTools<NotifyingTools>()
            .WithTools<ClientRequestTools>()
            .WithTools<RoundTripTools>()
            .WithTools<StatelessTools>()
            .WithTools<CancellationTools>()
            .WithTools<FleetTools>()
            .WithTools([SchemaTool.Create()])
            .WithPrompts<FixturePrompts>()
            .WithResources<FixtureResources>()
            .WithRequestFilters(filters => filters.AddCallToolFilter(NotifyingTools.CloseReconnectionStream))
            .WithCompleteHandler((_, _) => ValueTask.FromResult(new CompleteResult { Completion = new() { Values = [] } }))
            .WithSubscribeToResourcesHandler((_, _) => ValueTask.FromResult(new EmptyResult()))
            .WithUnsubscribeFromResourcesHandler((_, _) => ValueTask.FromResult(new EmptyResult()))
            .WithSetLoggingLevelHandler((_, _) => ValueTask.FromResult(new EmptyResult()));
    }
}
