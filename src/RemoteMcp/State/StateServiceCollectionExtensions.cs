using Azure.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using RemoteMcp.Identity.Cloud;
using RemoteMcp.State.Tables;

namespace RemoteMcp.State;

/// <summary>Registers the state store.</summary>
internal static class StateServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="IStateStore"/> as section <see cref="StateOptions.Section"/> says, with the server's own identity to reach it by, and the
    /// deletion of expired rows.
    /// Wrong settings stop the host at its start.
    /// </summary>
    public static IServiceCollection AddState(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<StateOptions>, StateOptionsValidator>());
        services.AddOptions<StateOptions>().Bind(configuration.GetSection(StateOptions.Section)).ValidateOnStart();
        services.AddAppCredential(configuration);
        services.TryAddSingleton<IStateStore>(CreateStore);
        services.AddStateTable(StateLease.Table);
        return services.AddHostedService<ExpirySweeper>();
    }

    /// <summary>Declares a table, so that its expired rows are deleted in the background.</summary>
    public static IServiceCollection AddStateTable(this IServiceCollection services, string name)
    {
        StateChecks.Table(name);
        return services.AddSingleton(new StateTable(name));
    }

    private static IStateStore CreateStore(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<StateOptions>>().Value;
        var time = services.GetRequiredService<TimeProvider>();
        if (!options.UsesTable)
        {
            return new MemoryStateStore(time);
        }

        TokenCredential credential = options.ManagedIdentityClientId is { } clientId ? AppCredential.ManagedIdentity(clientId) : services.GetRequiredService<AppCredential>();
        return new TableStateStore(TableClients.Open(options, credential), options.TablePrefix, time);
    }
}
