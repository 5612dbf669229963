using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using RemoteMcp.Configuration;
using RemoteMcp.DataProtection;
using RemoteMcp.Storage;

namespace RemoteMcp.Elicitation;

/// <summary>Registers the services for prompts to the user.</summary>
internal static class ElicitationServices
{
    /// <summary>
    /// Adds <see cref="UserPrompts"/> for tools, prompts, and resources, and the filter that seals every <c>requestState</c>. The filter
    /// needs <see cref="IStateStore"/>.
    /// </summary>
    public static IServiceCollection AddElicitation(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddStrictOptions<ElicitationOptions>(configuration, ElicitationOptions.Section);
        services.AddSingleton<IValidateOptions<ElicitationOptions>, ElicitationOptionsValidator>();
        services.AddFleetDataProtection(configuration);
        services.AddStateTable(ReplayGuard.Table);
        services.TryAddSingleton<ReplayGuard>();
        services.TryAddSingleton<RequestStateSealer>();
        services.TryAddSingleton<RequestStateFilter>();
        services.TryAddSingleton<OpenQuestions>();
        services.TryAddScoped<UserPromptsAccessor>();
        services.TryAddScoped(static scope => scope.GetRequiredService<UserPromptsAccessor>().Current
            ?? throw new InvalidOperationException(
                $"{nameof(UserPrompts)} exists only during a call. Use it as a parameter of a tool, prompt, or resource."));
        return services;
    }
}
