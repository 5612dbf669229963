using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using RemoteMcp.Storage;

namespace RemoteMcp.DataProtection;

/// <summary>Registers the keys of the fleet.</summary>
internal static class DataProtectionServices
{
    /// <summary>
    /// Adds ASP.NET Core Data Protection with its key ring in <see cref="IStateStore"/>, and <see cref="FleetSecret"/>. The ring is read
    /// when the host starts, so that no request waits for it.
    /// </summary>
    public static IServiceCollection AddFleetDataProtection(this IServiceCollection services)
    {
        services.AddDataProtection().SetApplicationName("RemoteMcp");
        services.AddOptions<KeyManagementOptions>().Configure<IStateStore, TimeProvider>(static (keys, store, time) =>
            keys.XmlRepository = new StateXmlRepository(store, time));
        // With every new key, the key manager warns that the ring is not encrypted with another key. KeyRows explains why there is none.
        services.Configure<LoggerFilterOptions>(static logging => logging.AddFilter(typeof(XmlKeyManager).FullName, LogLevel.Error));
        services.TryAddSingleton<KeyRing>();
        services.TryAddSingleton<FleetSecret>();
        services.TryAddSingleton<SigningKeys>();
        return services.AddStateTable(KeyRows.Table);
    }
}
