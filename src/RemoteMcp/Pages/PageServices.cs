using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace RemoteMcp.Pages;

/// <summary>Registers the web page.</summary>
internal static class PageServices
{
    public static IServiceCollection AddPages(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddStrictOptions<PageOptions>(configuration, PageOptions.Section);
        return services.AddSingleton<HomePage>();
    }
}
