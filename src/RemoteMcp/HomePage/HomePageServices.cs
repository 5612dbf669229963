using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RemoteMcp.Configuration;

namespace RemoteMcp.HomePage;

/// <summary>Registers the web page.</summary>
internal static class HomePageServices
{
    public static IServiceCollection AddHomePage(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddStrictOptions<HomePageOptions>(configuration, HomePageOptions.Section);
        return services.AddSingleton<HomePageView>();
    }
}
