using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using RemoteMcp.Storage;

namespace RemoteMcp.DataProtection;

/// <summary>Registers the fleet's keys.</summary>
internal static class DataProtectionServices
{
    /// <summary>
    /// Adds ASP.NET Core Data Protection with its key ring in <see cref="IStateStore"/>, read when the host starts so that no request
    /// waits for it, and <see cref="FleetSecret"/>.
    /// </summary>
    public static IServiceCollection AddFleetDataProtection(this IServiceCollection services)
    {
        services.AddDataProtection().SetApplicationName("RemoteMcp");
        services.AddOptions<KeyManagementOptions>().Configure<IStateStore, TimeProvider>(static (keys, store, time) =>
            keys.XmlRepository = new StateXmlRepository(store, time));
        // It warns with every new key that the ring is not encrypted with a further key: see KeyRows for why there is none.
        services.Configure<LoggerFilterOptions>(static logging => logging.AddFilter(typeof(XmlKeyManager).FullName, LogLevel.Error));
        services.TryAddSingleton<KeyRing>();
        services.TryAddSingleton<FleetSecret>();
        return services.AddStateTable(KeyRows.Table);
    }
}
