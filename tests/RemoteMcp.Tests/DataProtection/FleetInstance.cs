using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RemoteMcp.DataProtection;
using RemoteMcp.Storage;

namespace RemoteMcp.Tests.DataProtection;

/// <summary>One instance of a fleet that shares a store. It has its own services and its own key ring in memory.</summary>
internal sealed class FleetInstance : IDisposable
{
    private readonly ServiceProvider _services;

    public FleetInstance(IStateStore store, TimeProvider? time = null, Action<IServiceCollection>? configure = null)
    {
        var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(store)
            .AddSingleton(time ?? TimeProvider.System);
        configure?.Invoke(services);
        _services = services
            .AddFleetDataProtection(new ConfigurationBuilder().Build())
            .BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
    }

    public IDataProtectionProvider Protection => _services.GetRequiredService<IDataProtectionProvider>();

    public IKeyManager KeyManager => _services.GetRequiredService<IKeyManager>();

    public StateXmlRepository Repository => _services.GetRequiredService<StateXmlRepository>();

    public FleetSecret Secrets => _services.GetRequiredService<FleetSecret>();

    public SigningKeys SigningKeys => _services.GetRequiredService<SigningKeys>();

    public KeyRing Ring => _services.GetRequiredService<KeyRing>();

    public KeyRingHealthCheck HealthCheck => _services.GetRequiredService<KeyRingHealthCheck>();

    public FleetProtector Protector => Ring.Protector("test");

    public void Dispose() => _services.Dispose();
}
