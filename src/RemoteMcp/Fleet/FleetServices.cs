using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using RemoteMcp.Configuration;
using RemoteMcp.Storage;

namespace RemoteMcp.Fleet;

/// <summary>Registers the relay between the instances of the server.</summary>
internal static class FleetServices
{
    /// <summary>Adds leases, inboxes, and polling. Each <see cref="IInboxHandler"/> receives the messages of this instance.</summary>
    public static IServiceCollection AddFleet(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddStrictOptions<FleetOptions>(configuration, FleetOptions.Section);
        services.AddSingleton<IValidateOptions<FleetOptions>, FleetOptionsValidator>();
        services.AddSingleton<FleetMembership>().AddStateTable(FleetMembership.Table);
        services.AddSingleton<PollingDemand>();
        services.TryAddSingleton<SignedMessages>();
        services.AddSingleton<StorageWatch>();
        services.AddSingleton<InboxRows>().AddStateTable(Inbox.Table);
        services.AddSingleton<MessageSender>();
        services.AddSingleton<Inbox>();
        services.AddSingleton<ReceivedMessages>();
        services.AddHostedService<InboxReader>();
        return services;
    }
}
